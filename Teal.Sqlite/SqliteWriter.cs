using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Teal.Sqlite;

/// <summary>
/// The one writer of the database: a thread of its own that takes all writes which wait, puts them into one transaction, and
/// commits it, so that many requests share one sync of the disk, and none waits for a timer. A write that fails takes no other one
/// along.
/// </summary>
public sealed partial class SqliteWriter : IDisposable
{
    private const int LargestBatch = 1000;

    // The pages of the indexes that a flood of events to many topics changes. SQLite's default of 2 MiB has it read half of them again.
    private const int PageCacheSizeInKiB = 16 * 1024;

    // Of 4 KiB. A page that many commits change is copied back once for all of them; the log takes 16 MiB of disk then.
    private const int PagesPerCheckpoint = 4000;

    private readonly SqliteDatabase _database;
    private readonly ILogger _logger;
    private readonly SqliteConnection _connection;
    private readonly int _queueLength;
    private readonly Thread _thread;

    // Not SqliteTransaction: a command that is kept and used again would have to be given each new one.
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollBack;

    // What waits; the thread takes all of it at once. Not System.Threading.Lock, which cannot be waited for.
    private readonly object _gate = new();
    private List<SqliteWrite> _waiting = [];
    private bool _isClosed;

    private readonly WriteCompletions _completions = new();

    private volatile bool _isHealthy = true;

    /// <summary>Starts the thread.</summary>
    public SqliteWriter(SqliteDatabase database, SqliteOptions options, ILogger<SqliteWriter> logger)
    {
        _database = database;
        _logger = logger;
        _connection = database.Connect();
        SqliteDatabase.Execute(_connection, $"PRAGMA cache_size = -{PageCacheSizeInKiB}; PRAGMA wal_autocheckpoint = {PagesPerCheckpoint};");
        _begin = new SqliteStatement(_connection, "BEGIN IMMEDIATE");
        _commit = new SqliteStatement(_connection, "COMMIT");
        _rollBack = new SqliteStatement(_connection, "ROLLBACK");
        _queueLength = options.WriteQueueLength;
        _thread = new Thread(Run) { IsBackground = true, Name = "Teal SQLite writer" };
        _thread.Start();
    }

    /// <summary>Raised on the writer's thread, in the transaction, when the writes of a batch are done and before they are committed.</summary>
    public event Action<SqliteConnection>? Committing;

    /// <summary>Raised on the writer's thread when the writes of a batch were undone; each of them is run again, alone.</summary>
    public event Action? RolledBack;

    /// <summary>Whether the last commit went through.</summary>
    public bool IsHealthy => _isHealthy;

    /// <summary>
    /// Runs <paramref name="write"/> on the writer's thread; completes when it is on the disk. Throws what the write threw, a
    /// <see cref="SqliteException"/> when it could not be committed, and <see cref="SqliteStoreException"/> when too many wait.
    /// What awaits it goes on in the order of the writes, one after the other, and must not block.
    /// </summary>
    /// <param name="write">Changes the database; run again, alone, when a write of the same batch failed.</param>
    /// <param name="committed">Run on the same thread after the commit, in the order of the writes.</param>
    public Task WriteAsync(Action<SqliteConnection> write, Action committed)
    {
        var entry = new SqliteWrite(write, committed);
        lock (_gate)
        {
            if (_isClosed) return Task.FromException(new SqliteStoreException("The store is closed."));
            if (_waiting.Count >= _queueLength) return Task.FromException(new SqliteStoreException("Too many writes wait for the disk."));

            _waiting.Add(entry);
            if (_waiting.Count == 1) Monitor.Pulse(_gate);
            return entry.Done;
        }
    }

    /// <summary>Finishes what waits, and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        _connection.Dispose();
    }

    private void Run()
    {
        while (Take() is { } batch)
        {
            if (TryCommit(batch) is { } failure) RetryEach(batch, failure);
            _completions.Add(batch);
        }
    }

    // One of them failed, and all were rolled back: each gets its own try, and its own error.
    private void RetryEach(List<SqliteWrite> batch, Exception? failure)
    {
        foreach (var entry in batch)
        {
            // A program that has the database for long is waited for once, not once for each write.
            if (failure is not SqliteException { SqliteErrorCode: raw.SQLITE_BUSY }) failure = TryCommit([entry]);
            entry.Failure = failure;
        }
    }

    // Waits for writes; null: there will be none any more.
    private List<SqliteWrite>? Take()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_isClosed) return null;
                Monitor.Wait(_gate);
            }

            var batch = _waiting;
            _waiting = batch.Count <= LargestBatch ? [] : batch[LargestBatch..];
            batch.RemoveRange(batch.Count - _waiting.Count, _waiting.Count);
            return batch;
        }
    }

    private Exception? TryCommit(List<SqliteWrite> batch)
    {
        try
        {
            _database.CheckInPlace();
            _begin.Run();
            foreach (var entry in batch) entry.Execute(_connection);
            Committing?.Invoke(_connection);
            _commit.Run();
        }
        catch (Exception exception)
        {
            RollBack();
            RolledBack?.Invoke();
            if (exception is SqliteException or SqliteStoreException) SetHealth(exception);
            return exception;
        }

        SetHealth(null);
        foreach (var entry in batch) entry.Commit();
        return null;
    }

    // Said once each time that it changes.
    private void SetHealth(Exception? exception)
    {
        if (exception is not null && _isHealthy) Log.Failing(_logger, _database.Explain(exception));
        if (exception is null && !_isHealthy) Log.Working(_logger);
        _isHealthy = exception is null;
    }

    private void RollBack()
    {
        try
        {
            _rollBack.Run();
        }
        catch (SqliteException)
        {
            // Some errors, a full disk among them, have rolled back already.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Error, "Nothing can be stored, and requests are told to try again: {Explanation}")]
        public static partial void Failing(ILogger logger, string explanation);

        [LoggerMessage(4002, LogLevel.Information, "The store works again")]
        public static partial void Working(ILogger logger);
    }
}
