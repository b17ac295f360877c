using System.Diagnostics;
using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>
/// Connections that send a request each, and the next one as soon as it is answered. Where the server closes one, it is opened anew: it is the
/// server that has to bound a stranger, and not the stranger himself.
/// </summary>
internal sealed class Repeater : IDisposable
{
    /// <summary>How many connections are opened before the load generator looks after others: one that opens hundreds is late for the one whom it watches.</summary>
    public const int MostOpenedAtOnce = 16;

    private readonly FloodTarget _target;
    private readonly int _port;
    private readonly Func<int, ReadOnlyMemory<byte>[]> _next;
    private readonly HttpSender?[] _senders;
    private readonly Queue<(int Index, long Since)> _closed = new();

    /// <summary>Opens the connections.</summary>
    /// <param name="target">The server.</param>
    /// <param name="port">Which of its ports.</param>
    /// <param name="connections">How many.</param>
    /// <param name="next">The next request of a connection, in pieces; none: it has sent all that it will.</param>
    public Repeater(FloodTarget target, int port, int connections, Func<int, ReadOnlyMemory<byte>[]> next)
    {
        (_target, _port, _next) = (target, port, next);
        _senders = new HttpSender?[connections];
        for (var i = 0; i < connections; i++) _closed.Enqueue((i, 0));
        target.Loop.EachTurn += OpenClosed;
    }

    /// <summary>Where they come from.</summary>
    public Origin Origin { get; init; } = Origin.Stranger;

    /// <summary>How long it takes to open one anew.</summary>
    public TimeSpan Pause { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _target.Loop.EachTurn -= OpenClosed;
        foreach (var sender in _senders) sender?.Dispose();
    }

    private void OpenClosed()
    {
        for (var count = Math.Min(_closed.Count, MostOpenedAtOnce); count > 0 && Stopwatch.GetElapsedTime(_closed.Peek().Since) >= Pause; count--) Open(_closed.Dequeue().Index);
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
        _closed.Enqueue((index, Stopwatch.GetTimestamp()));
    }

    private void OnClosed(int index)
    {
        _target.Tally.Add("closed");
        _closed.Enqueue((index, Stopwatch.GetTimestamp()));
    }
}
