using Teal.Core.Kinds;

using static Teal.Host.Configuration.SettingValue;

namespace Teal.Host.Configuration;

/// <summary>
/// Every setting under <c>Teal</c>, once: reading, checking, messages, <c>teal serve --help</c>, <c>docs/configuration.md</c> and its schema come
/// from here.
/// </summary>
internal static class SettingCatalogue
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The settings, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        new("Deployment", "Standalone", "Standalone", "`Standalone`: one process, nothing else to install; `Distributed`: RabbitMQ and Redis", Choice<Deployment>((o, v) => o.Deployment = v)),
        new("Bus", "", "InProcess", "`InProcess` or `RabbitMq`; from the deployment where it is not set", Choice<BusKind>((o, v) => o.Bus = v)),
        new("Store", "", "Embedded", "`Embedded` (a SQLite file), `Memory` or `Redis`; from the deployment where it is not set", Choice<StoreKind>((o, v) => o.Store = v)),
        new("Modules", "Listener,Dispatcher", "Listener,Dispatcher", "which modules this process runs; one alone needs RabbitMQ and Redis", Choices<Module>((o, v) => o.Modules = v)) { IsList = true },
        new("DataDirectory", "data", "/var/lib/teal", "where the embedded store lives", Folder((o, v) => o.Sqlite.DataDirectory = v)),
        new("MaximumStates", "1000000", "100000", "how many live states the embedded and the memory store keep; then new ones are refused", Count(1, 100_000_000, (o, v) => o.States.MaximumStates = v)),
        new("MaximumStatesSize", "512 MiB", "512 MiB", "how much memory these states may take together; then new ones are refused", Size(1, int.MaxValue, (o, v) => o.States.MaximumStatesSize = v)),
        new("SweepInterval", "1 min", "1 min", "how often expired states are deleted; `0 s`: never", Duration(TimeSpan.Zero, Day, (o, v) => o.States.SweepInterval = v)),
        new("ClockJumpTolerance", "1 h", "1 h", "a clock that jumps ahead by more than this is not believed for as long, and nothing that looks expired is deleted; `0 s`: always believed", Duration(TimeSpan.Zero, Day, (o, v) => o.States.ClockJumpTolerance = v)),
        new("WriteQueueLength", "10000", "10000", "how many events that were asked for, changes by clients and other events, each for themselves, may wait to be written to the embedded store; further ones get a 503", Count(1, 1_000_000, (o, v) => o.Sqlite.WriteQueueLength = v)),
        new("WriteQueueSize", "32 MiB", "32 MiB", "the same by size", Size(1024 * 1024, int.MaxValue, (o, v) => o.Sqlite.WriteQueueSize = v)),
        new("MaximumLogSize", "1 GiB", "1 GiB", "how long the embedded store's write-ahead log may become while another program reads from it; then events get a 503", Size(64 * 1024 * 1024, int.MaxValue, (o, v) => o.Sqlite.MaximumLogSize = v)),
        new("PublishTimeout", "5 s", "5 s", "how long an event may take to be kept before its sender gets a 503", Duration(Millisecond, TimeSpan.FromMinutes(5), (o, v) => o.Publisher.PublishTimeout = v)),
        new("BusQueueLength", "10000", "10000", "how many events the in-process bus holds; further ones are read from the journal", Count(1, 10_000_000, (o, v) => o.InProcessBus.QueueLength = v)),
        new("BusQueueSize", "16 MiB", "16 MiB", "how many bytes the large ones of those (over 16 KiB) may take", Size(1024 * 1024, int.MaxValue, (o, v) => o.InProcessBus.QueueSize = v)),
        new("MaximumUntoldSize", "16 MiB", "16 MiB", "how many bytes of events may wait for RabbitMQ; dispatchers learn of further ones from Redis", Size(1024 * 1024, int.MaxValue, (o, v) => o.Publisher.MaximumUntoldSize = v)),
        new("Journal:CallbackRetention", "7 days", "7 days", "how long a callback is kept whose state is not stored or never expires; others are kept as long as their state lives", Duration(Second, 36500 * Day, (o, v) => o.Journal.Retention[EventKinds.Callback] = v)),
        new("Journal:OpenIdCibaRetention", "7 days", "1 day", "how long an OpenID CIBA notification is kept", Duration(Second, 36500 * Day, (o, v) => o.Journal.Retention[EventKinds.OpenIdCibaCallback] = v)),
        new("Journal:PowensRetention", "7 days", "1 day", "how long a Powens webhook is kept", Duration(Second, 36500 * Day, (o, v) => o.Journal.Retention[EventKinds.PowensDomain] = v)),
        new("Journal:TraceRetention", "7 days", "7 days", "how long it is remembered, behind an event's end, that there was one", Duration(Second, 36500 * Day, (o, v) => o.Journal.TraceRetention = v)),
        new("Journal:MaximumEventsPerTopic", "10000", "1000", "how many events a topic keeps; a further one has it forget its oldest", Count(1, 10_000_000, (o, v) => o.Journal.MaximumEventsPerTopic = v)),
        new("Journal:MaximumSizePerTopic", "64 MiB", "16 MiB", "the same by size", Size(1024, int.MaxValue, (o, v) => o.Journal.MaximumSizePerTopic = v)),
        new("Journal:MaximumEvents", "5000000", "5000000", "how many events of each kind are kept; then the topic that takes most forgets its oldest", Count(1, int.MaxValue, (o, v) => o.Journal.MaximumEvents = v)),
        new("Journal:MaximumSize", "2047 MiB", "500 MiB", "the same by size, in the embedded store", Size(1024 * 1024, int.MaxValue, (o, v) => o.Journal.MaximumSize = v)),
        new("Journal:MaximumMemory", "128 MiB", "128 MiB", "the same by size, in the memory store", Size(1024 * 1024, int.MaxValue, (o, v) => o.Journal.MaximumMemory = v)),
        new("Journal:MaximumRedisMemory", "512 MiB", "512 MiB", "the same by size, in Redis", Size(1024 * 1024, int.MaxValue, (o, v) => o.Journal.MaximumRedisMemory = v)),
        new("Journal:UnclaimedSize", "32 MiB", "32 MiB", "how much the events take together that nobody created a state, configured a secret or registered for", Size(64 * 1024, int.MaxValue, (o, v) => o.Journal.UnclaimedSize = v)),
        new("Journal:FreestandingSize", "64 MiB", "64 MiB", "how much the callbacks take together whose states say themselves where they lead, and that somebody registered for", Size(64 * 1024, int.MaxValue, (o, v) => o.Journal.FreestandingSize = v)),
        new("Journal:MaximumTraces", "1000000", "1000000", "how many topics of each kind are remembered whose events are not kept any more", Count(1, int.MaxValue, (o, v) => o.Journal.MaximumTraces = v)),
        new("ShutdownTimeout", "8 s", "8 s", "how long a stopping process may take to deliver what it accepted", Duration(TimeSpan.Zero, TimeSpan.FromHours(1), (o, v) => o.ShutdownTimeout = v)),
        new("TrustedProxies", "", "127.0.0.1,10.0.0.0/8", "IP addresses and networks whose `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix` are believed", Networks((o, v) => o.TrustedProxies = v)) { IsList = true },

        new("Listener:Url", "http://localhost:8080", "http://localhost:8080", "where the listener listens; `http://unix:/path` is a Unix socket", Bind((o, v) => o.ListenerAddress = v)),
        new("Listener:PublicUrl", "", "https://teal.example.org", "the listener as the outside sees it; a path prefix is allowed", Public((o, v) => o.Listener.PublicUrl = v)) { Aliases = ["LISTENER_URL"] },
        new("Listener:PowensRedirectFallback", "false", "true", "whether states that are not stored may say themselves where they lead; see docs/powens.md", Boolean((o, v) => o.Listener.PowensRedirectFallback = v)) { Aliases = ["POWENS_REDIRECT_FALLBACK"] },
        new("Listener:PowensRedirectHosts", "", "*.biapi.pro,localhost", "the hosts that such states may lead to; empty: any", Hosts((o, v) => o.Listener.PowensRedirectHosts = v)) { IsList = true },
        new("Listener:PowensSecrets", "", "budgea=the domain's secret", "HMAC secrets by domain; such a domain's webhooks need a valid signature", Secrets((o, v) => o.Listener.PowensSecrets = v)) { IsMap = true, IsSecret = true },
        new("Listener:MaximumBodySize", "1 MiB", "1 MiB", "the largest request body; over it: 413", Size(1, int.MaxValue, (o, v) => o.Listener.MaximumBodySize = v)),
        new("Listener:MaximumCibaBodySize", "64 KiB", "64 KiB", "the largest body of an OpenID CIBA notification; over it: 413", Size(1, int.MaxValue, (o, v) => o.Listener.MaximumCibaBodySize = v)),
        new("Listener:MaximumFormSize", "64 KiB", "64 KiB", "the largest form that is posted to `/callback` or `/errback`; over it: 413", Size(1, int.MaxValue, (o, v) => o.Listener.MaximumFormSize = v)),
        new("Listener:BodyBudget", "64 MiB", "64 MiB", "how much memory all request bodies under way may take together, until their requests are answered; those that take most get a 503", Size(1, int.MaxValue, (o, v) => o.Listener.BodyBudget = v)),
        new("Listener:RetryAfter", "5 s", "5 s", "what a 503 tells its sender to wait", Duration(Second, Day, (o, v) => o.Listener.RetryAfter = v)),

        new("Pages:Name", "", "Example Bank", "whose pages they are, as end users know it; shown above the text", Text((o, v) => o.Listener.Pages.Name = v)),
        new("Pages:Logo", "", "/etc/teal/logo.svg", "a logo: an SVG, PNG, JPEG or WebP file of at most 256 KiB", Logo((o, v) => o.Listener.Pages.Logo = v)),
        new("Pages:Colour", "#1f6f78", "#1f6f78", "the colour of the line above the text", Colour((o, v) => o.Listener.Pages.Colour = v)),
        new("Pages:SupportUrl", "", "https://example.org/help", "where end users get help: an `https:`, `http:` or `mailto:` address", SupportUrl((o, v) => o.Listener.Pages.SupportUrl = v)),

        new("Dispatcher:Url", "http://localhost:8081", "http://localhost:8081", "where the dispatcher listens; may be the listener's address, or a Unix socket", Bind((o, v) => o.DispatcherAddress = v)),
        new("Dispatcher:PublicUrl", "", "https://events.example.org", "the dispatcher as the outside sees it; a path prefix is allowed", Public((o, v) => o.Dispatcher.PublicUrl = v)),
        new("Dispatcher:Password", "", "a long random text", "the password of the user `anonymous`, at least 16 characters where others than this machine reach the dispatcher; none: a random one is made at start and shown once; required when `Distributed`", Password((o, v) => o.Dispatcher.Password = v)) { Aliases = ["PASSWORD", "TEAL_PASSWORD"], IsSecret = true },
        new("Dispatcher:MinimumStateLifetime", "10 s", "10 s", "how far ahead a state's expiry must be", Duration(TimeSpan.Zero, 36500 * Day, (o, v) => o.States.MinimumLifetime = v)),
        new("Dispatcher:MaximumStateLifetime", "7 days", "7 days", "how far ahead a state's expiry may be; 10 s more are forgiven", Duration(Second, 36500 * Day, (o, v) => o.States.MaximumLifetime = v)),
        new("Dispatcher:MaximumMessageSize", "64 KiB", "64 KiB", "the longest message from a client; over it: 1009", Size(256, 16 * 1024 * 1024, (o, v) => o.Dispatcher.MaximumMessageSize = v)),
        new("Dispatcher:SendQueueLength", "256", "256", "how many messages may wait for a client; further events are read from the journal when there is room, and what is not kept: 1013", Count(1, 1_000_000, (o, v) => o.Dispatcher.SendQueueLength = v)),
        new("Dispatcher:SendQueueSize", "1 MiB", "1 MiB", "the same in bytes; one message may be larger", Size(1024, int.MaxValue, (o, v) => o.Dispatcher.SendQueueSize = v)),
        new("Dispatcher:SendBudget", "64 MiB", "64 MiB", "how many bytes may wait for all clients together, a message once however many it waits for; over it a connection is closed with 1013: first of those that take nothing, of these the one that holds most", Size(1024 * 1024, int.MaxValue, (o, v) => o.Dispatcher.SendBudget = v)),
        new("Dispatcher:MaximumRegistrations", "10000", "10000", "how many topics a connection may register for; further ones are ignored", Count(1, 10_000_000, (o, v) => o.Dispatcher.MaximumRegistrations = v)),
        new("Dispatcher:RegistrationBudget", "128 MiB", "128 MiB", "how much memory all registrations may take together; further ones are refused. One connection may have an eighth of it, one address half", Size(64 * 1024, int.MaxValue, (o, v) => o.Dispatcher.RegistrationBudget = v)),
        new("Dispatcher:MaximumConnections", "50000", "50000", "how many websockets there may be; further handshakes: 503", Count(1, 10_000_000, (o, v) => o.Dispatcher.MaximumConnections = v)),
        new("Dispatcher:MaximumConnectionsPerAddress", "10000", "10000", "how many of them may come from one address (IPv6: one /64), and at most half; further handshakes: 503. Not for `TrustedProxies` and this machine", Count(1, 10_000_000, (o, v) => o.Dispatcher.MaximumConnectionsPerAddress = v)),
        new("Dispatcher:AllowedOrigins", "", "https://app.example.org", "the origins of browsers' pages that may connect beside the dispatcher's own host; `null` for files, `*` for any", Origins((o, v) => o.Dispatcher.AllowedOrigins = v)) { IsList = true },
        new("Dispatcher:GuessDelay", "10 s", "10 s", "how long the answer to a wrong password is held back at most; it begins with 100 ms at an address's second one, and doubles", Duration(TimeSpan.Zero, TimeSpan.FromMinutes(5), (o, v) => o.Dispatcher.GuessDelay = v)),
        new("Dispatcher:GuessMemory", "15 min", "15 min", "how long an address's wrong passwords count", Duration(TimeSpan.Zero, Day, (o, v) => o.Dispatcher.GuessMemory = v)),
        new("Dispatcher:MaximumGuessers", "10000", "10000", "of how many addresses wrong passwords are counted; then the oldest are forgotten", Count(1, 10_000_000, (o, v) => o.Dispatcher.MaximumGuessers = v)),
        new("Dispatcher:MaximumHeldGuesses", "1000", "1000", "how many answers to wrong passwords are held back at once; further ones: 429 at once", Count(1, 1_000_000, (o, v) => o.Dispatcher.MaximumHeldGuesses = v)),
        new("Dispatcher:ExposeVersion", "true", "false", "whether the metadata tells the server's version", Boolean((o, v) => o.Dispatcher.ExposeVersion = v)),
        new("Dispatcher:PingInterval", "20 s", "20 s", "how long a connection may be idle before it is pinged", Duration(Second, Day, (o, v) => o.Dispatcher.PingInterval = v)),
        new("Dispatcher:PongTimeout", "20 s", "20 s", "how long a ping may stay unanswered before the connection is given up", Duration(Second, Day, (o, v) => o.Dispatcher.PongTimeout = v)),
        new("Dispatcher:CloseTimeout", "5 s", "5 s", "how long a client may take to answer a close frame", Duration(Millisecond, TimeSpan.FromHours(1), (o, v) => o.Dispatcher.CloseTimeout = v)),
        new("Dispatcher:BindTimeout", "1 s", "1 s", "how long a connection's later messages wait for a registration while the bus is away", Duration(Millisecond, TimeSpan.FromMinutes(5), (o, v) => o.Dispatcher.BindTimeout = v)),
        new("Dispatcher:UnbindDelay", "5 s", "5 s", "how long a topic stays bound after its last registration", Duration(TimeSpan.Zero, Day, (o, v) => o.Dispatcher.UnbindDelay = v)),
        new("Dispatcher:FeedInterval", "1 s", "1 s", "how often Redis is asked for events that RabbitMQ did not bring", Duration(TimeSpan.FromMilliseconds(10), Day, (o, v) => o.Dispatcher.FeedInterval = v)),

        new("Redis:Configuration", "localhost:6379", "redis://:password@redis.example.org:6379/0", "a StackExchange.Redis string, or a `redis://` or `rediss://` URL", RedisAddress((o, v) => o.Redis.Configuration = v)) { Aliases = ["REDIS_URL"], IsSecret = true },
        new("Redis:KeyPrefix", "", "staging:", "what stands in front of the names of all keys, so that nothing is shared with other systems on this Redis; without it, callback states are", KeyPrefix((o, v) => o.Redis.KeyPrefix = v)),
        new("Redis:Timeout", "5 s", "5 s", "how long Redis may take before a request fails", Duration(Millisecond, TimeSpan.FromMinutes(5), (o, v) => o.Redis.Timeout = v)),
        new("RabbitMq:Uri", "amqp://localhost:5672/", "amqps://user:password@rabbitmq.example.org/vhost", "the broker, with user, password and virtual host", BrokerAddress()) { Aliases = ["AMQP_URL"], IsSecret = true },
        new("RabbitMq:ExchangePrefix", "", "teal_", "what stands in front of the exchanges' names", ExchangePrefix((o, v) => o.RabbitMq.ExchangePrefix = v)) { Aliases = ["AMQP_EXCHANGE_PREFIX"] },
        new("RabbitMq:Timeout", "5 s", "5 s", "how long an event waits for a broker that is away before dispatchers have to find it in the journal", Duration(Millisecond, TimeSpan.FromMinutes(5), (o, v) => o.RabbitMq.Timeout = v)),
        new("RabbitMq:MaximumUnconfirmed", "1000", "1000", "how many events may wait for the broker's confirmation; further ones wait for their turn", Count(1, 1_000_000, (o, v) => o.RabbitMq.MaximumUnconfirmed = v)),
        new("RabbitMq:Prefetch", "1000", "1000", "how many events the broker hands over ahead of their acknowledgement", Count(1, 65535, (o, v) => o.RabbitMq.Prefetch = v)),
        new("RabbitMq:Heartbeat", "4 s", "4 s", "how often both sides prove that they live; about three failures end the connection", Duration(Second, TimeSpan.FromMinutes(5), (o, v) => o.RabbitMq.Heartbeat = v)),

        new("Http:MaximumRequestLineSize", "64 KiB", "64 KiB", "the longest request line, URL included; over it: 414", Size(1024, 1024 * 1024, (o, v) => o.Http.MaximumRequestLineSize = v)),
        new("Http:MaximumHeaderSize", "32 KiB", "32 KiB", "the size of all headers of a request; over it: 431", Size(1024, 1024 * 1024, (o, v) => o.Http.MaximumHeaderSize = v)),
        new("Http:HeadBudget", "32 MiB", "32 MiB", "how much memory request lines and headers without an end may take together; over it a connection of the client that holds most is closed", Size(1024 * 1024, int.MaxValue, (o, v) => o.Http.HeadBudget = v)),
        new("Http:HeaderTimeout", "10 s", "10 s", "how long a request's headers may take; over it: 408. A connection that sends nothing is closed then", Duration(Second, Day, (o, v) => o.Http.HeaderTimeout = v)),
        new("Http:MinimumBodyRate", "240 B", "240 B", "how many bytes a second a request's body must bring after its first 5 s; below it: 408", Size(1, 1024 * 1024, (o, v) => o.Http.MinimumBodyRate = v)),
        new("Http:BodyTimeout", "30 s", "30 s", "how long a request's body may take as a whole; over it: 408", Duration(Second, Day, (o, v) => o.Listener.BodyTimeout = v)),
        new("Http:KeepAliveTimeout", "2 min", "2 min", "how long an HTTP connection may be idle", Duration(Second, Day, (o, v) => o.Http.KeepAliveTimeout = v)),
        new("Http:MaximumConnections", "20000", "20000", "how many HTTP connections each module's address takes at once, websockets apart; for a further one the longest idle one is closed", Count(1, 10_000_000, (o, v) => o.Http.MaximumConnections = v)),
        new("Http:MaximumConnectionsPerAddress", "1000", "1000", "how many of them one client may have (IPv6: one /64), and at most half; for a further one its longest idle one is closed. Not for `TrustedProxies` and this machine", Count(1, 10_000_000, (o, v) => o.Http.MaximumConnectionsPerAddress = v)),
    ];
}
