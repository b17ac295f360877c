using System.Diagnostics;

namespace Teal.Benchmarks.Load.Client;

/// <summary>The load generator: one thread that waits for all its sockets at once, and does what arrives itself.</summary>
internal sealed class EventLoop : IDisposable
{
    private readonly Epoll _epoll = new();
    private readonly List<Connection?> _connections = [];
    private readonly Stack<int> _free = new();

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
            var left = limit - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return false;

            var count = _epoll.Wait(left);
            for (var i = 0; i < count; i++) _connections[_epoll.KeyAt(i)]?.OnReadable();
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
