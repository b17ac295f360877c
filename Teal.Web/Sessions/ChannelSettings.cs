using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Web.Sessions;

/// <summary>The settings of <see cref="ChannelOptions"/>, under <c>Teal:Dispatcher</c>.</summary>
public static class ChannelSettings
{
    /// <summary>How large what is sent may be, and what waits.</summary>
    public static readonly IReadOnlyList<Setting<ChannelOptions>> Messages =
    [
        new("Dispatcher:MaximumMessageSize", "64 KiB", "the longest message from a client; over it: 1009",
            Size<ChannelOptions>(256, 16 * 1024 * 1024, o => o.MaximumMessageSize, (o, v) => o.MaximumMessageSize = v)),
        new("Dispatcher:SendQueueLength", "256",
            "how many messages may wait for a client; further events are read from the journal when there is room, and what is not " +
            "kept: 1013",
            Count<ChannelOptions>(1, 1_000_000, o => o.SendQueueLength, (o, v) => o.SendQueueLength = v)),
        new("Dispatcher:SendQueueSize", "1 MiB", "the same in bytes; one message may be larger",
            Size<ChannelOptions>(1024, int.MaxValue, o => o.SendQueueSize, (o, v) => o.SendQueueSize = v)),
        new("Dispatcher:SendBudget", "64 MiB",
            "how many bytes may wait for all clients together, a message once however many it waits for; over it a connection is " +
            "closed with 1013: first of those that take nothing, of these the one that holds most",
            Size<ChannelOptions>(1024 * 1024, int.MaxValue, o => o.SendBudget, (o, v) => o.SendBudget = v)),
    ];

    /// <summary>How many clients there may be.</summary>
    public static readonly IReadOnlyList<Setting<ChannelOptions>> Connections =
    [
        new("Dispatcher:MaximumConnections", "50000", "how many websockets there may be; further handshakes: 503",
            Count<ChannelOptions>(1, 10_000_000, o => o.MaximumConnections, (o, v) => o.MaximumConnections = v)),
        new("Dispatcher:MaximumConnectionsPerAddress", "10000",
            "how many of them may come from one address (IPv6: one /64), and at most half; further handshakes: 503. Not for " +
            "`TrustedProxies` and this machine",
            Count<ChannelOptions>(1, 10_000_000, o => o.MaximumConnectionsPerAddress, (o, v) => o.MaximumConnectionsPerAddress = v)),
    ];

    /// <summary>How long is waited for clients.</summary>
    public static readonly IReadOnlyList<Setting<ChannelOptions>> Waiting =
    [
        new("Dispatcher:IdentityInterval", "2 s",
            "how often it is looked whether the accounts and keys of connected clients were changed; what changed takes effect then",
            Duration<ChannelOptions>(
                TimeSpan.FromMilliseconds(10), Day, o => o.IdentityInterval, (o, v) => o.IdentityInterval = v)),
        new("Dispatcher:PingInterval", "20 s", "how long a connection may be idle before it is pinged",
            Duration<ChannelOptions>(Second, Day, o => o.PingInterval, (o, v) => o.PingInterval = v)),
        new("Dispatcher:PongTimeout", "20 s", "how long a ping may stay unanswered before the connection is given up",
            Duration<ChannelOptions>(Second, Day, o => o.PongTimeout, (o, v) => o.PongTimeout = v)),
        new("Dispatcher:CloseTimeout", "5 s", "how long a client may take to answer a close frame",
            Duration<ChannelOptions>(Millisecond, TimeSpan.FromHours(1), o => o.CloseTimeout, (o, v) => o.CloseTimeout = v)),
    ];
}
