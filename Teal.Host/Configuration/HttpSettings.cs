using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Host.Configuration;

/// <summary>The settings of <see cref="HttpOptions"/>, under <c>Teal:Http</c>.</summary>
internal static class HttpSettings
{
    /// <summary>Bounds of a request.</summary>
    public static readonly IReadOnlyList<Setting<HttpOptions>> Requests =
    [
        new("Http:MaximumRequestLineSize", "64 KiB", "the longest request line, URL included; over it: 414",
            Size<HttpOptions>(1024, 1024 * 1024, o => o.MaximumRequestLineSize, (o, v) => o.MaximumRequestLineSize = v)),
        new("Http:MaximumHeaderSize", "32 KiB", "the size of all headers of a request; over it: 431",
            Size<HttpOptions>(1024, 1024 * 1024, o => o.MaximumHeaderSize, (o, v) => o.MaximumHeaderSize = v)),
        new("Http:HeadBudget", "32 MiB",
            "how much memory request lines and headers without an end may take together; over it a connection of the client that " +
            "holds most is closed",
            Size<HttpOptions>(1024 * 1024, int.MaxValue, o => o.HeadBudget, (o, v) => o.HeadBudget = v)),
        new("Http:HeaderTimeout", "10 s",
            "how long a request's headers may take; over it: 408. A connection that sends nothing is closed then",
            Duration<HttpOptions>(Second, Day, o => o.HeaderTimeout, (o, v) => o.HeaderTimeout = v)),
        new("Http:MinimumBodyRate", "240 B", "how many bytes a second a request's body must bring after its first 5 s; below it: 408",
            Size<HttpOptions>(1, 1024 * 1024, o => o.MinimumBodyRate, (o, v) => o.MinimumBodyRate = v)),
    ];

    /// <summary>Bounds of connections.</summary>
    public static readonly IReadOnlyList<Setting<HttpOptions>> Connections =
    [
        new("Http:KeepAliveTimeout", "2 min", "how long an HTTP connection may be idle",
            Duration<HttpOptions>(Second, Day, o => o.KeepAliveTimeout, (o, v) => o.KeepAliveTimeout = v)),
        new("Http:MaximumConnections", "20000",
            "how many HTTP connections each module's address takes at once, websockets apart; for a further one the longest idle " +
            "one is closed",
            Count<HttpOptions>(1, 10_000_000, o => o.MaximumConnections, (o, v) => o.MaximumConnections = v)),
        new("Http:MaximumConnectionsPerAddress", "1000",
            "how many of them one client may have (IPv6: one /64), and at most half; for a further one its longest idle one is " +
            "closed. Not for `TrustedProxies` and this machine",
            Count<HttpOptions>(1, 10_000_000, o => o.MaximumConnectionsPerAddress, (o, v) => o.MaximumConnectionsPerAddress = v)),
    ];
}
