namespace Teal.Sqlite;

/// <summary>
/// Tells those who wait what became of their writes, on one thread of the pool at a time: in the order of the writes, so that what is
/// done about them has that order, too, and with one work item for all that were committed together.
/// </summary>
internal sealed class WriteCompletions : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly Queue<IReadOnlyList<SqliteWrite>> _waiting = [];

    /// <summary>Completes these writes after all that were added before.</summary>
    public void Add(IReadOnlyList<SqliteWrite> writes)
    {
        lock (_lock)
        {
            _waiting.Enqueue(writes);
            if (_waiting.Count > 1) return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    public void Execute()
    {
        for (var writes = First(); writes is not null; writes = Next())
        {
            foreach (var write in writes) write.Complete();
        }
    }

    private IReadOnlyList<SqliteWrite> First()
    {
        lock (_lock) return _waiting.Peek();
    }

    // They stay in the queue until they are done, so that what is added meanwhile knows that somebody is at work.
    private IReadOnlyList<SqliteWrite>? Next()
    {
        lock (_lock)
        {
            _waiting.Dequeue();
            return _waiting.TryPeek(out var writes) ? writes : null;
        }
    }
}
