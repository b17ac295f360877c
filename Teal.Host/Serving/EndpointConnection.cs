using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Teal.Core.Addresses;
using Teal.Web.Requests;

namespace Teal.Host.Serving;

/// <summary>
/// A connection among those of its address. It goes along with the connection, knows whether a request is under way, and hears from the web
/// server that it became a websocket. A connection that waits for minutes keeps it, so it is small.
/// </summary>
internal sealed class EndpointConnection(
    EndpointConnections all, ConnectionContext network, FairTransport transport, ClientNetwork? client, long now)
    : IDecrementConcurrentConnectionCountFeature, IConnectionHeartbeatFeature
{
    // Else how many requests are under way; of HTTP/2 there may be several.
    private const int Idle = 0, Dropped = -1;

    /// <summary>The <see cref="HeadIndex"/> of one that was closed because its unfinished request takes too much.</summary>
    public const int WasClosed = -2;

    private readonly CancellationToken _closed = network.ConnectionClosed;
    private ConnectionContext? _http2;

    // What who speaks HTTP/1.1 wants to be called about each second.
    private Action? _beat;
    private int _state;
    private long _idleSince = now;

    /// <summary>The headers of the request that comes or is under way, where they are kept.</summary>
    public RawHead Head { get; } = new();

    /// <summary>Whose share it counts to; null: nobody's.</summary>
    public ClientNetwork? Client { get; } = client;

    /// <summary>Where it stands among all that speak HTTP; negative: it does not stand there.</summary>
    public int Index { get; set; }

    /// <summary>Where it stands among those of its client.</summary>
    public int IndexOfClient { get; set; }

    /// <summary>How much memory its unfinished request takes, in bytes; the lock of <see cref="HeadBudget"/> guards it.</summary>
    public int HeadSize { get; set; }

    /// <summary>Where it stands among those with an unfinished request; negative: it does not stand there.</summary>
    public int HeadIndex { get; set; } = -1;

    /// <summary>Whether it is a client's channel: a websocket, or an event stream of HTTP/1.1.</summary>
    public bool IsWebSocket { get; set; }

    /// <summary>Whether no request is under way, and it was not dropped.</summary>
    public bool IsIdle => Volatile.Read(ref _state) == Idle;

    /// <summary>Whether it speaks HTTP/2.</summary>
    public bool IsHttp2 { get; private set; }

    /// <summary>
    /// Whether it may: proxies do, and programs of this machine. A stranger could have many requests under way on each
    /// connection, which bounds for HTTP/1.1 do not count.
    /// </summary>
    public bool MaySpeakHttp2 => Client is null;

    /// <summary>Whether it speaks HTTP/1.1.</summary>
    public bool IsHttp1 => !IsWebSocket && !IsHttp2;

    /// <summary>Whether what comes is a request line and headers.</summary>
    public bool AwaitsHead => IsIdle && IsHttp1;

    /// <summary>The longest request line and headers, in bytes.</summary>
    public int LongestHead => all.LongestHead;

    /// <summary>Whether anything has come.</summary>
    public bool HasReceived => transport.HasReceived;

    /// <summary>
    /// Whether its first bytes have come and nobody has read them yet, as others keep this process busy. Asks the operating system.
    /// </summary>
    public bool IsAboutToSpeak => !HasReceived && network.Features.Get<IConnectionSocketFeature>() is { Socket.Available: > 0 };

    /// <summary>When it came, or its last request ended; a timestamp of the clock.</summary>
    public long IdleSince => Volatile.Read(ref _idleSince);

    /// <summary>Marks that a request is under way; false: the connection was dropped.</summary>
    /// <param name="isLong">Whether its line and headers are so long that the connection is not to go on with them in its memory.</param>
    public bool TryBegin(out bool isLong)
    {
        isLong = false;
        for (var state = Volatile.Read(ref _state); state != Dropped;)
        {
            var seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
            {
                isLong = transport.BeginRequest() && IsHttp1;
                return true;
            }

            state = seen;
        }

        return false;
    }

    /// <summary>Marks that the request is over.</summary>
    /// <param name="bodySize">The size of its body, in bytes; null: it has none, or did not say.</param>
    public void End(long? bodySize)
    {
        transport.EndRequest(bodySize);
        Volatile.Write(ref _idleSince, all.Now);
        Interlocked.Decrement(ref _state);
    }

    /// <summary>Marks that it makes room for another one; false: a request is under way.</summary>
    public bool TryDrop() => Interlocked.CompareExchange(ref _state, Dropped, Idle) == Idle;

    /// <summary>
    /// Ends it if its time for a first request is over and nothing has come. The web server's own limits begin with the first byte.
    /// </summary>
    public void Beat()
    {
        if (!HasReceived && all.IsOverdue(IdleSince)) Close();
        Volatile.Read(ref _beat)?.Invoke();
    }

    /// <inheritdoc/>
    public void OnHeartbeat(Action<object> action, object state) => Volatile.Write(ref _beat, _beat + (() => action(state)));

    /// <summary>
    /// Has the web server end it in order: what it still has to send arrives, and so does the answer to a request that has just come.
    /// </summary>
    public void Close()
    {
        if ((_http2 ?? network).Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime) lifetime.RequestClose();
        else Abort();
    }

    /// <summary>Ends it at once.</summary>
    public void Abort() => network.Abort();

    /// <summary>Says how much memory its unfinished request takes, in bytes; 0: it has none.</summary>
    public void HoldHead(int size) => all.Heads.Set(this, size);

    /// <summary>The web server refuses a request with a status. Returns the id that stands for it.</summary>
    public string Refuse(int status) => all.Refuse(network.ConnectionId, status);

    /// <summary>Asks for the turn of its long request.</summary>
    public HeadTurns.Turn EnterTurn() => all.Heads.Turns.Enter(Client);

    /// <summary>Gives its place back.</summary>
    public void Leave() => all.Leave(this);

    /// <summary>
    /// Has the web server answer requests whose sender sends no more. It would abort them, as it cannot know whether the sender still
    /// reads. That a connection is over it learns when it reads or writes.
    /// </summary>
    public void KeepHalfClosed() => network.ConnectionClosed = CancellationToken.None;

    /// <summary>Has it served by who speaks HTTP/2, until it is over.</summary>
    public Task GoOnAsHttp2Async(Http2EndPoint endPoint)
    {
        IsHttp2 = true;

        // Who spoke HTTP/1.1 would end what he thinks is over.
        Volatile.Write(ref _beat, null);
        network.ConnectionClosed = _closed;
        (_http2, var served) = endPoint.Serve(network);
        return served;
    }

    /// <inheritdoc/>
    public void ReleaseConnection()
    {
        Volatile.Write(ref _beat, null);
        network.ConnectionClosed = _closed;
        all.Upgrade(this);
    }
}
