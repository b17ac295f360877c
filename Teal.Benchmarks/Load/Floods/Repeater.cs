using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>
/// Connections that send a request each, and the next one as soon as it is answered. Where the server closes one, it is opened anew: it is
/// the server that has to bound a stranger, and not the stranger himself.
/// </summary>
internal sealed class Repeater : IDisposable
{
    private readonly FloodTarget _target;
    private readonly int _port;
    private readonly Func<int, ReadOnlyMemory<byte>[]> _next;
    private readonly HttpSender?[] _senders;
    private readonly Openings _openings;

    /// <summary>Opens the connections.</summary>
    /// <param name="target">The server.</param>
    /// <param name="port">Which of its ports.</param>
    /// <param name="connections">How many.</param>
    /// <param name="next">The next request of a connection, in pieces; none: it has sent all that it will.</param>
    public Repeater(FloodTarget target, int port, int connections, Func<int, ReadOnlyMemory<byte>[]> next)
    {
        (_target, _port, _next) = (target, port, next);
        _senders = new HttpSender?[connections];
        _openings = new Openings(connections);
        target.Loop.EachTurn += Open;
    }

    /// <summary>Where they come from.</summary>
    public Origin Origin { get; init; } = Origin.Stranger;

    /// <summary>How long it takes to open one anew.</summary>
    public TimeSpan Pause { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _target.Loop.EachTurn -= Open;
        foreach (var sender in _senders) sender?.Dispose();
    }

    private void Open()
    {
        foreach (var index in _openings.Take(Pause)) Open(index);
    }

    private void Open(int index)
    {
        _senders[index]?.Dispose();
        _senders[index] = new HttpSender(_target.Loop, _port, status => OnAnswer(index, status), Origin, () => OnClosed(index));
        Send(index);
    }

    private void Send(int index)
    {
        foreach (var piece in _next(index)) _senders[index]!.Post(piece);
    }

    private void OnAnswer(int index, int status)
    {
        _target.Tally.Add(status);
        if (!_senders[index]!.IsClosing)
        {
            Send(index);
            return;
        }

        _senders[index]!.Dispose();
        _openings.Add(index);
    }

    private void OnClosed(int index)
    {
        _target.Tally.Add("closed");
        _openings.Add(index);
    }
}
