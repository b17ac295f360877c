using System.Diagnostics;

namespace Teal.Benchmarks.Load.Client;

/// <summary>
/// The load generator: one thread that watches all its sockets at once, and does what arrives itself. It asks again and again instead of
/// sleeping: a server that has to wake somebody for each message pays for that, on a virtual machine more than for the message.
/// </summary>
/// <param name="cancellationToken">Ends whatever it does with an exception.</param>
internal sealed class EventLoop(CancellationToken cancellationToken) : IDisposable
{
    private readonly Epoll _epoll = new();
    private readonly List<Connection?> _connections = [];
    private readonly Stack<int> _free = new();

    /// <summary>Whether it sleeps all the same, because others need its processor.</summary>
    public bool Sleeps { get; set; }

    /// <summary>How long it was at work, without the time in which nothing was there.</summary>
    public TimeSpan BusyTime { get; private set; }

    /// <summary>Where what arrives is put while it is looked at; one for all connections.</summary>
    public byte[] Buffer { get; } = new byte[256 * 1024];

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
        while (!holds())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var begun = Stopwatch.GetTimestamp();
            var left = limit - Stopwatch.GetElapsedTime(started, begun);
            if (left <= TimeSpan.Zero) return false;

            var count = _epoll.Wait(Sleeps ? left : TimeSpan.Zero);
            if (Sleeps) begun = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++) _connections[_epoll.KeyAt(i)]?.OnReadable();
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
