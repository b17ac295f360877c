using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

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
    private List<Write> _waiting = [];
    private bool _isClosed;

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
    /// </summary>
    /// <param name="write">Changes the database; run again, alone, when a write of the same batch failed.</param>
    /// <param name="committed">Run on the same thread after the commit, in the order of the writes.</param>
    public Task WriteAsync(Action<SqliteConnection> write, Action committed)
    {
        var entry = new Write(write, committed);
        lock (_gate)
        {
            if (_isClosed) return Task.FromException(new SqliteStoreException("The store is closed."));
            if (_waiting.Count >= _queueLength) return Task.FromException(new SqliteStoreException("Too many writes wait for the disk."));

            _waiting.Add(entry);
            if (_waiting.Count == 1) Monitor.Pulse(_gate);
            return entry.Done.Task;
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
        var batch = new List<Write>();
        while (TryTake(ref batch))
        {
            if (TryCommit(batch) is null) continue;

            // One of them failed, and all were rolled back: each gets its own try, and its own error.
            foreach (var entry in batch)
            {
                if (TryCommit([entry]) is { } exception) entry.Done.SetException(exception);
            }
        }
    }

    // Waits for writes, and puts them into the emptied list; false: there will be none any more.
    private bool TryTake(ref List<Write> batch)
    {
        batch.Clear();
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_isClosed) return false;
                Monitor.Wait(_gate);
            }

            if (_waiting.Count <= LargestBatch)
            {
                (batch, _waiting) = (_waiting, batch);
            }
            else
            {
                batch.AddRange(_waiting.Take(LargestBatch));
                _waiting.RemoveRange(0, LargestBatch);
            }

            return true;
        }
    }

    private Exception? TryCommit(List<Write> batch)
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

        foreach (var entry in batch)
        {
            entry.Committed();
            entry.Done.SetResult();
        }

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

    private sealed class Write(Action<SqliteConnection> execute, Action committed)
    {
        public Action<SqliteConnection> Execute { get; } = execute;

        public Action Committed { get; } = committed;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
