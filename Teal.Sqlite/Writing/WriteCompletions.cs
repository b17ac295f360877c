namespace Teal.Sqlite.Writing;

/// <summary>
/// Tells those who wait what became of their writes, on a thread of its own: in the order of the writes, so that what is done about them
/// has that order, too, and behind nothing else, as it would be where many strangers keep the thread pool busy.
/// </summary>
internal sealed class WriteCompletions : IDisposable
{
    private readonly Lock _lock = new();
    private readonly WakeUp _added = new();
    private readonly Queue<IReadOnlyList<SqliteWrite>> _waiting = [];
    private readonly Thread _thread;
    private bool _isClosed;

    /// <summary>Starts the thread.</summary>
    public WriteCompletions()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "Teal SQLite told" };
        _thread.Start();
    }

    /// <summary>Completes these writes after all that were added before.</summary>
    public void Add(IReadOnlyList<SqliteWrite> writes)
    {
        bool isFirst;
        lock (_lock)
        {
            isFirst = _waiting.Count == 0;
            _waiting.Enqueue(writes);
        }

        if (isFirst) _added.Set();
    }

    /// <summary>Completes what was added, and ends.</summary>
    public void Dispose()
    {
        lock (_lock) _isClosed = true;
        _added.Set();

        // Whoever was told may end the store.
        if (Thread.CurrentThread == _thread) return;

        _thread.Join();
        _added.Dispose();
    }

    private void Run()
    {
        while (Next() is { } writes)
        {
            foreach (var write in writes) write.Complete();
        }
    }

    private IReadOnlyList<SqliteWrite>? Next()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_waiting.TryDequeue(out var writes)) return writes;
                if (_isClosed) return null;
            }

            _added.Wait(Timeout.InfiniteTimeSpan);
        }
    }
}
