using System.Net;
using Teal.Core.Addresses;

namespace Teal.Dispatcher;

/// <summary>Settings of the dispatcher, under <c>Teal:Dispatcher</c> (specification 5).</summary>
public sealed class DispatcherOptions
{
    /// <summary>The dispatcher's address as the outside sees it; null: each request's own.</summary>
    public PublicUrl? PublicUrl { get; set; }

    /// <summary>Whether a listener may take callbacks of states that are not stored, so that a registration for one has to claim it. Default true.</summary>
    public bool HasFreestandingStates { get; set; } = true;

    /// <summary>The password of the user <c>anonymous</c>.</summary>
    public string Password { get; set; } = "";

    /// <summary>The longest message from a client, in bytes; over it the connection is closed with 1009. Default 64 KiB.</summary>
    public int MaximumMessageSize { get; set; } = 64 * 1024;

    /// <summary>
    /// How many messages may wait for a client. An event that finds no room is read from the journal later; a connection without room for what is not kept is closed
    /// with 1013. Default 256.
    /// </summary>
    public int SendQueueLength { get; set; } = 256;

    /// <summary>The same in bytes, where one message may be larger. Default 1 MiB.</summary>
    public int SendQueueSize { get; set; } = 1024 * 1024;

    /// <summary>
    /// How many bytes may wait for all clients together; a message that waits for many counts once. When they are spent, the connection that holds most of them is closed
    /// with 1013, first of those that take nothing. Replays of large events wait from the half on, others from seven eighths on. Default 64 MiB.
    /// </summary>
    public int SendBudget { get; set; } = 64 * 1024 * 1024;

    /// <summary>How many topics one connection may register for; further ones are not registered. Default 10,000.</summary>
    public int MaximumRegistrations { get; set; } = 10_000;

    /// <summary>
    /// How many bytes all registrations may take together, with the topics that stay bound for <see cref="UnbindDelay"/>: some 700 each, and two for each character of the key. One connection may
    /// have an eighth of them, one address half, and each connection has 4 KiB whatever the others have. Default 128 MiB.
    /// </summary>
    public int RegistrationBudget { get; set; } = 128 * 1024 * 1024;

    /// <summary>How many connections there may be at once; further handshakes get a 503. Default 50,000.</summary>
    public int MaximumConnections { get; set; } = 50_000;

    /// <summary>
    /// How many of them may come from one address (IPv6: one /64), and at most half; further handshakes get a 503. Default 10,000. Not for addresses that stand for many clients
    /// (<see cref="StandsForMany"/>).
    /// </summary>
    public int MaximumConnectionsPerAddress { get; set; } = 10_000;

    /// <summary>Whether an address stands for many clients that cannot be told apart: a proxy's, and this machine's own.</summary>
    public Func<IPAddress, bool> StandsForMany { get; set; } = IPAddress.IsLoopback;

    /// <summary>The origins of pages that may connect beside the dispatcher's own host: <c>https://app.example.org</c>, <c>null</c>, or <c>*</c> for any.</summary>
    public IReadOnlySet<string> AllowedOrigins { get; set; } = new HashSet<string>();

    /// <summary>
    /// How long the answer to a wrong password is held back at most, for an address (IPv6: a /64) from which several came: 100 ms for the second one, then twice
    /// as long each time. Zero: not at all. Default 10 seconds.
    /// </summary>
    public TimeSpan GuessDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an address's wrong passwords are remembered after the last one. Default 15 minutes.</summary>
    public TimeSpan GuessMemory { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Of how many addresses wrong passwords are remembered; then the oldest are forgotten. Default 10,000.</summary>
    public int MaximumGuessers { get; set; } = 10_000;

    /// <summary>How many answers may be held back at once; over it: 429 at once. Default 1,000.</summary>
    public int MaximumHeldGuesses { get; set; } = 1000;

    /// <summary>Whether the metadata tells the server's version. Default true.</summary>
    public bool ExposeVersion { get; set; } = true;

    /// <summary>How long a connection may be idle before it is pinged. Default 20 seconds.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a ping may stay unanswered before the connection is given up. Default 20 seconds.</summary>
    public TimeSpan PongTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a client may take to answer a close frame. Default 5 seconds.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a connection's later messages wait for a registration that the bus has not confirmed yet. Default 1 second. Then the
    /// registration goes on in the background, and counts as soon as the bus can take it.
    /// </summary>
    public TimeSpan BindTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a journal that several processes share is asked what the bus may not have brought. Default 1 second.</summary>
    public TimeSpan FeedInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a topic stays bound after its last registration, for a client that reconnects. Default 5 seconds.</summary>
    public TimeSpan UnbindDelay { get; set; } = TimeSpan.FromSeconds(5);
}
