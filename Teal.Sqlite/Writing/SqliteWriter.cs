using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;
using Teal.Core.Journal;
using Teal.Sqlite.Database;

namespace Teal.Sqlite.Writing;

/// <summary>
/// The one writer of the database. A thread of its own takes writes which wait (<see cref="WriteQueue"/>), commits them in one
/// transaction, and syncs the write-ahead log, so that many requests share one sync of the disk, and none waits for a timer. A
/// write that fails takes no other one along.
/// </summary>
public sealed class SqliteWriter : IDisposable
{
    // How long nothing is written before the log is emptied.
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(2);

    // The pages of the indexes that a flood of events to many topics changes. SQLite's default of 2 MiB has it read half of them again.
    private const int PageCacheSizeInKiB = 16 * 1024;

    private readonly SqliteDatabase _database;
    private readonly SqliteConnection _connection;
    private readonly DurableLog _log;
    private readonly WriteTransaction _transaction;
    private readonly WriteQueue _queue;
    private readonly WriteCompletions _completions = new();
    private readonly WriterReport _report;
    private readonly Thread _thread;
    private bool _isLost;

    /// <summary>Starts the thread.</summary>
    public SqliteWriter(SqliteDatabase database, SqliteOptions options, ILogger<SqliteWriter> logger)
    {
        _database = database;
        _connection = database.Connect();
        SqliteCommands.Execute(_connection, $"PRAGMA cache_size = -{PageCacheSizeInKiB}");
        _report = new WriterReport(database, options.MaximumLogSize, logger);
        _log = new DurableLog(database, WriteAheadLog.Open(database, _connection), options.MaximumLogSize, _report);
        _transaction = new WriteTransaction(_connection);
        _queue = new WriteQueue(options);
        _thread = new Thread(Run) { IsBackground = true, Name = "Teal SQLite writer" };
        _thread.Start();
    }

    /// <summary>
    /// Raised in the transaction, when the writes of a batch are done and before they are committed. This and the two others
    /// are raised on the writer's thread.
    /// </summary>
    public event Action<SqliteConnection>? Committing;

    /// <summary>Raised when the writes of a batch are committed, and before any of them is told of.</summary>
    public event Action? Committed;

    /// <summary>Raised when the writes of a batch were undone; each of them is run again, alone.</summary>
    public event Action? RolledBack;

    /// <summary>Whether the last commit went through, and its sync.</summary>
    public bool IsHealthy => _report.IsHealthy;

    /// <summary>Whether it takes no writes any more.</summary>
    public bool IsClosed => _queue.IsClosed;

    /// <summary>For tests: run before each sync; what it throws is the sync's failure, which no file can be made to have.</summary>
    internal Action? Syncing { get; set; }

    /// <summary>
    /// Runs <paramref name="write"/> on the writer's thread; completes when it is on the disk. Fails with what the write threw, with a
    /// <see cref="SqliteException"/> when it could not be committed, and with <see cref="SqliteStoreException"/> when it could not be
    /// synced. What awaits it goes on in the order of the writes, one after the other, and must not block.
    /// </summary>
    /// <param name="write">Changes the database; run again, alone, when a write of the same batch failed.</param>
    /// <param name="synced">Run on the same thread when it is on the disk, in the order of the writes.</param>
    public Task WriteAsync(Action<SqliteConnection> write, Action? synced = null) => WriteAsync(WriteLane.Clients, write, synced);

    /// <summary>The same in another lane.</summary>
    internal Task WriteAsync(WriteLane lane, Action<SqliteConnection> write, Action? synced = null)
    {
        var change = new SqliteChange(lane, write, synced);
        return _queue.TryAdd(change) is { } refusal ? Task.FromException(refusal) : change.Done;
    }

    /// <summary>Finishes what waits, and ends.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
        _queue.Dispose();
        _completions.Dispose();
        _log.Dispose();
        _connection.Dispose();
    }

    /// <summary>
    /// Has a write committed and synced on the writer's thread; never blocks. Throws <see cref="JournalFullException"/> when too much
    /// waits, and <see cref="SqliteStoreException"/> when the store is closed.
    /// </summary>
    internal void Add(SqliteWrite write)
    {
        if (_queue.TryAdd(write) is { } refusal) throw refusal;
    }

    private void Run()
    {
        while (true)
        {
            var batch = _queue.Take(_log.IsEmpty ? Timeout.InfiniteTimeSpan : QuietTime);
            if (batch is null)
            {
                if (_queue.IsClosed) return;

                _log.Rest();
                continue;
            }

            Commit(batch);
            Sync(batch);
            _completions.Add(batch);
            _log.KeepShort();
        }
    }

    private void Commit(List<SqliteWrite> batch)
    {
        if (((_isLost ? FindLoss() : null) ?? _log.FindRefusal()) is { } refusal)
        {
            foreach (var write in batch) write.Failure = refusal;
            return;
        }

        if (TryCommit(batch) is { } failure) RetryEach(batch, failure);
    }

    // One of them failed, and all were rolled back: each gets its own try, and its own error.
    private void RetryEach(List<SqliteWrite> batch, Exception? failure)
    {
        foreach (var write in batch)
        {
            // A program that has the database for long is waited for once, not once for each write.
            if (failure is not SqliteException { SqliteErrorCode: raw.SQLITE_BUSY }) failure = TryCommit([write]);
            write.Failure = failure;
        }
    }

    private Exception? TryCommit(List<SqliteWrite> batch)
    {
        try
        {
            _transaction.Begin();
            foreach (var write in batch) write.Execute(_connection);
            Committing?.Invoke(_connection);
            _transaction.Commit();
        }
        catch (Exception exception)
        {
            _transaction.RollBack();
            RolledBack?.Invoke();
            if (exception is SqliteException or SqliteStoreException) _report.Fails(exception);
            return exception;
        }

        Committed?.Invoke();
        foreach (var write in batch) write.AfterCommit();
        return null;
    }

    // Why what was committed stands in files that were deleted; null: it does not. Looked for behind each commit, as nothing is answered
    // before, and clients need not wait for it; and in front of it as long as they are.
    private Exception? FindLoss()
    {
        try
        {
            _database.CheckInPlace();
            _isLost = false;
            return null;
        }
        catch (Exception exception)
        {
            _isLost = true;
            _report.Fails(exception);
            return exception;
        }
    }

    private void Sync(List<SqliteWrite> batch)
    {
        if (batch.TrueForAll(static write => write.Failure is not null)) return;

        if ((_log.TrySync(Syncing) ?? FindLoss()) is { } failure)
        {
            foreach (var write in batch) write.Failure ??= failure;
            return;
        }

        foreach (var write in batch)
        {
            if (write.Failure is null) write.AfterSync();
        }
    }
}
