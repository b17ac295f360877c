namespace Teal.Sqlite.Writing;

/// <summary>
/// Tells those who wait what became of their writes, on a thread of its own: in the order of the writes, so that what is done about them
/// has that order, too, and behind nothing else, as it would be where many strangers keep the thread pool busy.
/// </summary>
internal sealed class WriteCompletions : IDisposable
{
    // Not System.Threading.Lock, which cannot be waited for.
    private readonly object _gate = new();
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
        lock (_gate)
        {
            _waiting.Enqueue(writes);
            if (_waiting.Count == 1) Monitor.Pulse(_gate);
        }
    }

    /// <summary>Completes what was added, and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }

        // Whoever was told may end the store.
        if (Thread.CurrentThread != _thread) _thread.Join();
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
        lock (_gate)
        {
            IReadOnlyList<SqliteWrite>? writes;
            while (!_waiting.TryDequeue(out writes) && !_isClosed) Monitor.Wait(_gate);
            return writes;
        }
    }
}
