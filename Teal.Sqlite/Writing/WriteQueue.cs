using System.Diagnostics;
using Teal.Core.Journal;

namespace Teal.Sqlite.Writing;

/// <summary>
/// What waits for the writer, in lanes: each has its share of a commit, in writes and in bytes, so that a commit takes a bounded time and
/// nobody in one lane waits longer for another lane than that. Any thread adds, the writer's thread takes.
/// </summary>
internal sealed class WriteQueue(SqliteOptions options) : IDisposable
{
    // By lane: how many writes go into one commit, and how many bytes; the last write may exceed them.
    private static readonly (int Writes, int Bytes)[] Shares =
    [
        (1000, 1024 * 1024), (128, 1024 * 1024), (256, 512 * 1024), (256, 512 * 1024), (1, int.MaxValue),
    ];

    // How long a commit waits at most for writes that other threads are about to add.
    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(2);

    // How long the journal's own work gives way to others.
    private static readonly TimeSpan LongestYield = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly WakeUp _added = new();
    private readonly Lane[] _lanes = [.. Shares.Select(static _ => new Lane())];
    private int _count;
    private int _lastTaken;
    private long _backgroundTaken;
    private bool _isClosed;

    /// <summary>Whether there will be no further writes.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Adds a write; null: it is added. Else why not: the store is closed, or too much waits.</summary>
    public Exception? TryAdd(SqliteWrite write)
    {
        var lane = _lanes[(int)write.Lane];
        bool isFirst;
        lock (_lock)
        {
            if (_isClosed) return new SqliteStoreException("The store is closed.");
            if (lane.Writes.Count >= options.WriteQueueLength || lane.Size > options.WriteQueueSize - write.Size)
                return new JournalFullException("Too much waits to be written to the disk (Teal:WriteQueueLength, Teal:WriteQueueSize).");

            lane.Writes.Enqueue(write);
            lane.Size += write.Size;
            isFirst = _count++ == 0;
        }

        if (isFirst) _added.Set();
        return null;
    }

    /// <summary>
    /// Waits for writes, and takes a commit of them. Null: there were none for that time, or there will be none any more.
    /// </summary>
    public List<SqliteWrite>? Take(TimeSpan patience)
    {
        while (Volatile.Read(ref _count) == 0)
        {
            if (IsClosed || !_added.Wait(patience)) return null;
        }

        if (_lastTaken > 1) Gather();
        lock (_lock)
        {
            var batch = new List<SqliteWrite>(Math.Min(_count, Shares[0].Writes));
            for (var lane = WriteLane.Invited; lane < WriteLane.Background; lane++) Take(lane, batch);

            var now = Stopwatch.GetTimestamp();
            if (batch.Count == 0 || Stopwatch.GetElapsedTime(_backgroundTaken, now) > LongestYield)
            {
                Take(WriteLane.Background, batch);
                _backgroundTaken = now;
            }

            _count -= batch.Count;
            _lastTaken = batch.Count;
            return batch;
        }
    }

    /// <summary>Takes no more writes; those that wait are taken.</summary>
    public void Close()
    {
        lock (_lock) _isClosed = true;
        _added.Set();
    }

    public void Dispose() => _added.Dispose();

    // Where all processors are busy, the threads that add writes have their turn first, as long as each turn brings more: a
    // commit costs much, and a write in it little.
    private void Gather()
    {
        var began = Stopwatch.GetTimestamp();
        var before = 0;
        while (Volatile.Read(ref _count) is var count && count > before && Stopwatch.GetElapsedTime(began) < LongestGathering)
        {
            Thread.Yield();
            before = count;
        }
    }

    private void Take(WriteLane lane, List<SqliteWrite> batch)
    {
        var (waiting, (writes, bytes)) = (_lanes[(int)lane], Shares[(int)lane]);
        for (var size = 0L; writes > 0 && size < bytes && waiting.Writes.TryDequeue(out var write); writes--)
        {
            batch.Add(write);
            size += write.Size;
            waiting.Size -= write.Size;
        }
    }

    private sealed class Lane
    {
        public Queue<SqliteWrite> Writes { get; } = new();

        public long Size { get; set; }
    }
}
