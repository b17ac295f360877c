using System.Net;

namespace Teal.Web.Sessions;

/// <summary>Settings of what clients may do on their channels, whatever they speak (specification 5).</summary>
public sealed class ChannelOptions
{
    /// <summary>The longest message from a client, in bytes; over it the connection is closed with 1009. Default 64 KiB.</summary>
    public int MaximumMessageSize { get; set; } = 64 * 1024;

    /// <summary>
    /// How many messages may wait for a client. An event that finds no room is read from the journal later; a connection without room for
    /// what is not kept is closed with 1013. Default 256.
    /// </summary>
    public int SendQueueLength { get; set; } = 256;

    /// <summary>The same in bytes, where one message may be larger. Default 1 MiB.</summary>
    public int SendQueueSize { get; set; } = 1024 * 1024;

    /// <summary>
    /// How many bytes may wait for all clients together; a message that waits for many counts once. When they are spent, the
    /// connection that holds most of them is closed with 1013, first of those that take nothing. Replays of large events wait
    /// from the half on, others from seven eighths on. Default 64 MiB.
    /// </summary>
    public int SendBudget { get; set; } = 64 * 1024 * 1024;

    /// <summary>How many connections there may be at once; further handshakes get a 503. Default 50,000.</summary>
    public int MaximumConnections { get; set; } = 50_000;

    /// <summary>
    /// How many of them may come from one address (IPv6: one /64), and at most half; further handshakes get a 503. Default 10,000. Not for
    /// addresses that stand for many clients (<see cref="StandsForMany"/>).
    /// </summary>
    public int MaximumConnectionsPerAddress { get; set; } = 10_000;

    /// <summary>Whether an address stands for many clients that cannot be told apart: a proxy's, and this machine's own.</summary>
    public Func<IPAddress, bool> StandsForMany { get; set; } = IPAddress.IsLoopback;

    /// <summary>
    /// How often it is looked what became of the accounts and keys of those who are connected: so late, and the time that the look takes,
    /// a change takes effect on them. Default 2 seconds.
    /// </summary>
    public TimeSpan IdentityInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a connection may be idle before it is pinged. Default 20 seconds.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a ping may stay unanswered before the connection is given up. Default 20 seconds.</summary>
    public TimeSpan PongTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a client may take to answer a close frame. Default 5 seconds.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
