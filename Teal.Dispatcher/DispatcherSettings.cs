using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingAddresses;
using static Teal.Core.Configuration.SettingQuantities;
using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Dispatcher;

/// <summary>The settings of <see cref="DispatcherOptions"/>, under <c>Teal:Dispatcher</c>.</summary>
public static class DispatcherSettings
{
    /// <summary>Where clients come in, and with what.</summary>
    public static readonly IReadOnlyList<Setting<DispatcherOptions>> Entrance =
    [
        new("Dispatcher:PublicUrl", "https://events.example.org", "the dispatcher as the outside sees it; a path prefix is allowed",
            Public<DispatcherOptions>((o, v) => o.PublicUrl = v)),
        new("Dispatcher:Password", "a long random text",
            "the password of the user `anonymous`, at least 16 characters where others than this machine reach the dispatcher; " +
            "none: a random one is made at start and shown once; required when `Distributed`",
            Password<DispatcherOptions>((o, v) => o.Password = v)) { Aliases = ["PASSWORD", "TEAL_PASSWORD"], IsSecret = true },
    ];

    /// <summary>What clients may do, and how long is waited for them.</summary>
    public static readonly IReadOnlyList<Setting<DispatcherOptions>> Clients =
    [
        new("Dispatcher:MaximumMessageSize", "64 KiB", "the longest message from a client; over it: 1009",
            Size<DispatcherOptions>(256, 16 * 1024 * 1024, o => o.MaximumMessageSize, (o, v) => o.MaximumMessageSize = v)),
        new("Dispatcher:SendQueueLength", "256",
            "how many messages may wait for a client; further events are read from the journal when there is room, and what is not " +
            "kept: 1013",
            Count<DispatcherOptions>(1, 1_000_000, o => o.SendQueueLength, (o, v) => o.SendQueueLength = v)),
        new("Dispatcher:SendQueueSize", "1 MiB", "the same in bytes; one message may be larger",
            Size<DispatcherOptions>(1024, int.MaxValue, o => o.SendQueueSize, (o, v) => o.SendQueueSize = v)),
        new("Dispatcher:SendBudget", "64 MiB",
            "how many bytes may wait for all clients together, a message once however many it waits for; over it a connection is " +
            "closed with 1013: first of those that take nothing, of these the one that holds most",
            Size<DispatcherOptions>(1024 * 1024, int.MaxValue, o => o.SendBudget, (o, v) => o.SendBudget = v)),
        new("Dispatcher:MaximumRegistrations", "10000", "how many topics a connection may register for; further ones are ignored",
            Count<DispatcherOptions>(1, 10_000_000, o => o.MaximumRegistrations, (o, v) => o.MaximumRegistrations = v)),
        new("Dispatcher:RegistrationBudget", "128 MiB",
            "how much memory all registrations may take together; further ones are refused. One connection may have an eighth of " +
            "it, one address half",
            Size<DispatcherOptions>(64 * 1024, int.MaxValue, o => o.RegistrationBudget, (o, v) => o.RegistrationBudget = v)),
        new("Dispatcher:MaximumConnections", "50000", "how many websockets there may be; further handshakes: 503",
            Count<DispatcherOptions>(1, 10_000_000, o => o.MaximumConnections, (o, v) => o.MaximumConnections = v)),
        new("Dispatcher:MaximumConnectionsPerAddress", "10000",
            "how many of them may come from one address (IPv6: one /64), and at most half; further handshakes: 503. Not for " +
            "`TrustedProxies` and this machine",
            Count<DispatcherOptions>(1, 10_000_000, o => o.MaximumConnectionsPerAddress, (o, v) => o.MaximumConnectionsPerAddress = v)),
        new("Dispatcher:AllowedOrigins", "https://app.example.org",
            "the origins of browsers' pages that may connect beside the dispatcher's own host; `null` for files, `*` for any",
            Origins()) { IsList = true },
        new("Dispatcher:GuessDelay", "10 s",
            "how long the answer to a wrong password is held back at most; it begins with 100 ms at an address's second one, and " +
            "doubles",
            Duration<DispatcherOptions>(TimeSpan.Zero, TimeSpan.FromMinutes(5), o => o.GuessDelay, (o, v) => o.GuessDelay = v)),
        new("Dispatcher:GuessMemory", "15 min", "how long an address's wrong passwords count",
            Duration<DispatcherOptions>(TimeSpan.Zero, Day, o => o.GuessMemory, (o, v) => o.GuessMemory = v)),
        new("Dispatcher:MaximumGuessers", "10000", "of how many addresses wrong passwords are counted; then the oldest are forgotten",
            Count<DispatcherOptions>(1, 10_000_000, o => o.MaximumGuessers, (o, v) => o.MaximumGuessers = v)),
        new("Dispatcher:MaximumHeldGuesses", "1000",
            "how many answers to wrong passwords are held back at once; further ones: 429 at once",
            Count<DispatcherOptions>(1, 1_000_000, o => o.MaximumHeldGuesses, (o, v) => o.MaximumHeldGuesses = v)),
        new("Dispatcher:ExposeVersion", "false", "whether the metadata tells the server's version",
            Boolean<DispatcherOptions>(o => o.ExposeVersion, (o, v) => o.ExposeVersion = v)),
        new("Dispatcher:PingInterval", "20 s", "how long a connection may be idle before it is pinged",
            Duration<DispatcherOptions>(Second, Day, o => o.PingInterval, (o, v) => o.PingInterval = v)),
        new("Dispatcher:PongTimeout", "20 s", "how long a ping may stay unanswered before the connection is given up",
            Duration<DispatcherOptions>(Second, Day, o => o.PongTimeout, (o, v) => o.PongTimeout = v)),
        new("Dispatcher:CloseTimeout", "5 s", "how long a client may take to answer a close frame",
            Duration<DispatcherOptions>(Millisecond, TimeSpan.FromHours(1), o => o.CloseTimeout, (o, v) => o.CloseTimeout = v)),
        new("Dispatcher:BindTimeout", "1 s", "how long a connection's later messages wait for a registration while the bus is away",
            Duration<DispatcherOptions>(Millisecond, TimeSpan.FromMinutes(5), o => o.BindTimeout, (o, v) => o.BindTimeout = v)),
        new("Dispatcher:UnbindDelay", "5 s", "how long a topic stays bound after its last registration",
            Duration<DispatcherOptions>(TimeSpan.Zero, Day, o => o.UnbindDelay, (o, v) => o.UnbindDelay = v)),
        new("Dispatcher:FeedInterval", "1 s", "how often Redis is asked for events that RabbitMQ did not bring",
            Duration<DispatcherOptions>(TimeSpan.FromMilliseconds(10), Day, o => o.FeedInterval, (o, v) => o.FeedInterval = v)),
    ];

    // Origins of pages (RFC 6454), such as «https://app.example.org»; «null»; «*»; separated by commas.
    private static SettingType<DispatcherOptions> Origins() => new((options, text) =>
    {
        var origins = Items(text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!origins.All(IsOrigin))
            return "must be scheme, host and port only, such as https://app.example.org, or null, or *, separated by commas";

        options.AllowedOrigins = origins;
        return null;
    }, Pattern: "^(null|[*]|[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+)$");

    // Other schemes than http are those of programs that show pages, such as browsers' extensions.
    private static bool IsOrigin(string text) =>
        text is "null" or "*"
        || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            && text.EndsWith($"://{uri.Authority}", StringComparison.OrdinalIgnoreCase));
}
