using System.IO.Pipelines;

namespace Teal.Host.Serving;

/// <summary>
/// A network connection that leaves the thread which watches its socket to others. What arrives is served there, as
/// <see cref="InlineSockets"/> says; but whoever sends without pause, or keeps it busy, goes on on the pool, and gives way there too.
/// </summary>
/// <param name="transport">The connection.</param>
/// <param name="arrivals">With whom it came; null: it came alone.</param>
internal sealed class FairTransport(IDuplexPipe transport, Arrivals? arrivals = null) : IDuplexPipe
{
    private readonly FairReader _input = new(transport.Input, arrivals);
    private FairWriter? _output;

    /// <inheritdoc/>
    public PipeReader Input => _input;

    /// <inheritdoc/>
    public PipeWriter Output => _output ?? transport.Output;

    /// <summary>Whether anything has come.</summary>
    public bool HasReceived => _input.HasReceived;

    /// <summary>
    /// Whether what has come is the beginning of HTTP/2 (RFC 9113 section 3.4). Nothing of it was taken, and for who speaks HTTP/1.1 the
    /// connection was ended.
    /// </summary>
    public bool IsHttp2 => _input.IsHttp2;

    /// <summary>Has the connection hear how much its request takes as long as it has no end, and what the web server refuses.</summary>
    public void Tell(EndpointConnection connection)
    {
        _input.Connection = connection;
        _input.Output = _output = new FairWriter(transport.Output, connection);
    }

    /// <summary>The request that was received is whole. Returns whether its line and headers are long.</summary>
    public bool BeginRequest()
    {
        _output?.BeginRequest();
        var isLong = _input.Taken > HeadTurns.LongSize;
        _input.ForgetHead();
        return isLong;
    }

    /// <summary>It was answered. What its sender had announced and nobody has read is no request line of the next one.</summary>
    /// <param name="bodySize">The size of its body, in bytes; null: it has none, or did not say.</param>
    public void EndRequest(long? bodySize) => _input.EndRequest(bodySize ?? 0);

    /// <summary>It is over, and those that come do not wait for it.</summary>
    public void End()
    {
        _input.LeaveArrivals();
        _input.EndTurn();
        _input.ForgetHead();
    }
}
