using System.Diagnostics;
using Teal.Core.Hosting;

namespace Teal.Benchmarks.Load.Client;

/// <summary>
/// The load generator: one thread that watches all its sockets at once, and does what arrives itself. It asks again and again instead of
/// sleeping: a server that has to wake somebody for each message pays for that, on a virtual machine more than for the message.
/// </summary>
/// <param name="cancellationToken">Ends whatever it does with an exception.</param>
internal sealed class EventLoop(CancellationToken cancellationToken) : IDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(1);

    private readonly Epoll _epoll = new();
    private readonly List<Connection?> _connections = [];
    private readonly Stack<int> _free = new();

    /// <summary>Whether it sleeps all the same, because others need its processor.</summary>
    public bool Sleeps { get; set; }

    /// <summary>Called again and again, at least each millisecond, by whoever does something at a time of its own.</summary>
    public event Action? EachTurn;

    /// <summary>The longest time from one turn to the next since it was set to zero: what it measures is wrong by that at most.</summary>
    public TimeSpan LongestTurn { get; set; }

    /// <summary>How long it was at work, without the time in which nothing was there.</summary>
    public TimeSpan BusyTime { get; private set; }

    /// <summary>Where what arrives is put while it is looked at; one for all connections.</summary>
    public byte[] Buffer { get; } = new byte[256 * 1024];

    /// <summary>A further one, for another thread, that is ended with this one.</summary>
    public EventLoop CreateAnother() => new(cancellationToken);

    /// <summary>Runs until something holds.</summary>
    /// <exception cref="TimeoutException">It did not hold within the limit.</exception>
    public void RunUntil(Func<bool> holds, string what, TimeSpan? limit = null)
    {
        if (!TryRunUntil(holds, limit ?? TimeSpan.FromSeconds(30))) throw new TimeoutException($"Waited too long for {what}.");
    }

    /// <summary>Runs until something holds; false when it did not within the limit.</summary>
    public bool TryRunUntil(Func<bool> holds, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        var before = started;
        while (!holds())
        {
            cancellationToken.ThrowIfCancellationRequested();
            EachTurn?.Invoke();
            var begun = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(before, begun) is var turn && turn > LongestTurn) LongestTurn = turn;
            before = begun;
            var left = limit - Stopwatch.GetElapsedTime(started, begun);
            if (left <= TimeSpan.Zero) return false;

            var rest = EachTurn is not null && left > LongestSleep ? LongestSleep : left;
            var count = _epoll.Wait(Sleeps ? rest : TimeSpan.Zero);
            if (Sleeps) begun = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                var key = _epoll.KeyAt(i);
                if (_epoll.CanWriteAt(i)) _connections[key]?.OnWritable();
                if (_epoll.CanReadAt(i)) _connections[key]?.OnReadable();
                if (Sleeps) ProcessorTurn.GiveWay();
            }

            if (count > 0) BusyTime += Stopwatch.GetElapsedTime(begun);
        }

        return true;
    }

    /// <summary>Runs for a time.</summary>
    public void RunFor(TimeSpan time) => TryRunUntil(static () => false, time);

    /// <summary>Has a connection read from now on; returns its key.</summary>
    public int Add(Connection connection)
    {
        if (!_free.TryPop(out var key))
        {
            key = _connections.Count;
            _connections.Add(null);
        }

        _connections[key] = connection;
        _epoll.Add(connection.Descriptor, key);
        return key;
    }

    /// <summary>Has a connection told that it can read, or write, or only of its end.</summary>
    public void Watch(Connection connection, int key, bool reads, bool writes) => _epoll.Change(connection.Descriptor, key, reads, writes);

    /// <summary>Has it read no more.</summary>
    public void Remove(Connection connection, int key)
    {
        _epoll.Remove(connection.Descriptor);
        _connections[key] = null;
        _free.Push(key);
    }

    /// <inheritdoc/>
    public void Dispose() => _epoll.Dispose();
}
