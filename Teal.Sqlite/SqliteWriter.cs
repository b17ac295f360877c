using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;
using Teal.Core.Hosting;
using Teal.Core.Journal;

namespace Teal.Sqlite;

/// <summary>
/// The one writer of the database. A thread of its own takes writes which wait (<see cref="WriteQueue"/>), commits them in one transaction, and syncs the
/// write-ahead log, so that many requests share one sync of the disk, and none waits for a timer. A write that fails takes no other one along.
/// </summary>
public sealed partial class SqliteWriter : IDisposable
{
    // How long nothing is written before the log is emptied.
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(2);

    // The pages of the indexes that a flood of events to many topics changes. SQLite's default of 2 MiB has it read half of them again.
    private const int PageCacheSizeInKiB = 16 * 1024;

    // From where on the log is so long that somebody must be reading from it all the time.
    private const long LongLogSize = 64 * 1024 * 1024;

    private readonly SqliteDatabase _database;
    private readonly long _maximumLogSize;
    private readonly ILogger _logger;
    private readonly SqliteConnection _connection;
    private readonly WriteAheadLog _log;
    private readonly Thread _thread;

    // Not SqliteTransaction: a command that is kept and used again would have to be given each new one.
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollBack;

    private readonly WriteQueue _queue;

    // Whether the log may not be on the disk although a later sync said so.
    private bool _isInDoubt;

    // Whether it was said that the log is long.
    private bool _isLong;

    private readonly WriteCompletions _completions = new();

    private volatile bool _isHealthy = true;

    /// <summary>Starts the thread.</summary>
    public SqliteWriter(SqliteDatabase database, SqliteOptions options, ILogger<SqliteWriter> logger)
    {
        _database = database;
        _maximumLogSize = options.MaximumLogSize;
        _logger = logger;
        _connection = database.Connect();
        SqliteCommands.Execute(_connection, $"PRAGMA cache_size = -{PageCacheSizeInKiB}");
        _log = WriteAheadLog.Open(database, _connection);
        _begin = new SqliteStatement(_connection, "BEGIN IMMEDIATE");
        _commit = new SqliteStatement(_connection, "COMMIT");
        _rollBack = new SqliteStatement(_connection, "ROLLBACK");
        _queue = new WriteQueue(options);
        _thread = new Thread(Run) { IsBackground = true, Name = "Teal SQLite writer" };
        _thread.Start();
    }

    /// <summary>
    /// Raised in the transaction, when the writes of a batch are done and before they are committed. This and the two others are raised on the writer's thread.
    /// </summary>
    public event Action<SqliteConnection>? Committing;

    /// <summary>Raised when the writes of a batch are committed, and before any of them is told of.</summary>
    public event Action? Committed;

    /// <summary>Raised when the writes of a batch were undone; each of them is run again, alone.</summary>
    public event Action? RolledBack;

    /// <summary>Whether the last commit went through, and its sync.</summary>
    public bool IsHealthy => _isHealthy;

    /// <summary>Whether it takes no writes any more.</summary>
    public bool IsClosed => _queue.IsClosed;

    /// <summary>For tests: run before each sync; what it throws is the sync's failure, which no file can be made to have.</summary>
    internal Action? Syncing { get; set; }

    /// <summary>
    /// Runs <paramref name="write"/> on the writer's thread; completes when it is on the disk. Fails with what the write threw, with a
    /// <see cref="SqliteException"/> when it could not be committed, and with <see cref="SqliteStoreException"/> when it could not be synced.
    /// What awaits it goes on in the order of the writes, one after the other, and must not block.
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
        _completions.Dispose();
        _log.Dispose();
        _connection.Dispose();
    }

    /// <summary>
    /// Has an event committed and synced on the writer's thread; never blocks. Throws <see cref="JournalFullException"/> when too much waits, and
    /// <see cref="SqliteStoreException"/> when the store is closed.
    /// </summary>
    internal void Add(SqliteAppend append)
    {
        if (_queue.TryAdd(append) is { } refusal) throw refusal;
    }

    private void Run()
    {
        while (true)
        {
            var batch = _queue.Take(_log.IsEmpty ? Timeout.InfiniteTimeSpan : QuietTime);
            if (batch is null)
            {
                if (_queue.IsClosed) return;

                // What was deleted stays in the log until it begins anew.
                if (!_isInDoubt) _log.TryEmpty();
                continue;
            }

            Commit(batch);
            Sync(batch);
            _completions.Add(batch);
            if (_isInDoubt) continue;

            _log.CheckpointWhenDue();
            ReportLog();
        }
    }

    private void Commit(List<SqliteWrite> batch)
    {
        if (_isInDoubt && TryEmptyLog() is { } doubt)
        {
            foreach (var write in batch) write.Failure = doubt;
            return;
        }

        if (_log.Size >= _maximumLogSize && TryBeginLogAnew() is { } full)
        {
            foreach (var write in batch) write.Failure = full;
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
            _database.CheckInPlace();
            _begin.Run();
            foreach (var write in batch) write.Execute(_connection);
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

        Committed?.Invoke();
        foreach (var write in batch) write.AfterCommit();
        return null;
    }

    private void Sync(List<SqliteWrite> batch)
    {
        if (batch.TrueForAll(static write => write.Failure is not null)) return;

        try
        {
            Syncing?.Invoke();
            SyncLog();
        }
        catch (Exception exception)
        {
            _isInDoubt = true;
            SetHealth(exception);
            foreach (var write in batch) write.Failure ??= exception;
            return;
        }

        SetHealth(null);
        foreach (var write in batch)
        {
            if (write.Failure is null) write.AfterSync();
        }
    }

    private void SyncLog()
    {
        ProcessorTurn.BeginSync();
        try
        {
            _log.Sync();
        }
        finally
        {
            ProcessorTurn.EndSync();
        }
    }

    // Linux tells once that a sync failed, and may take for written what it could not write: no later sync of the log says that all of it is on the disk.
    // So it is copied to the database, which is synced, and begun anew.
    private SqliteException? TryEmptyLog()
    {
        try
        {
            _log.Empty();
            _isInDoubt = false;
            return null;
        }
        catch (SqliteException exception)
        {
            SetHealth(exception);
            return exception;
        }
    }

    private SqliteStoreException? TryBeginLogAnew()
    {
        _log.TryEmpty();
        if (_log.Size < _maximumLogSize) return null;

        var full = new SqliteStoreException(
            $"{_database.Path}-wal has {_log.Size >> 20} MiB (Teal:MaximumLogSize) and cannot begin anew, as another program has been reading from it. End that program; Teal then goes on by itself.");
        SetHealth(full);
        return full;
    }

    // Said once each time that it changes.
    private void ReportLog()
    {
        var isLong = _log.Size >= Math.Min(LongLogSize, _maximumLogSize);
        if (isLong == _isLong) return;

        if (isLong) Log.LogIsLong(_logger, $"{_database.Path}-wal", _log.Size >> 20, _maximumLogSize >> 20);
        else Log.LogIsShort(_logger, $"{_database.Path}-wal");
        _isLong = isLong;
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

        [LoggerMessage(4003, LogLevel.Warning, "{Log} has {Size} MiB and cannot begin anew: another program seems to read from it without an end, such as a backup or an open shell. End that program; at {Maximum} MiB (Teal:MaximumLogSize) nothing is stored any more")]
        public static partial void LogIsLong(ILogger logger, string log, long size, long maximum);

        [LoggerMessage(4004, LogLevel.Information, "{Log} is short again")]
        public static partial void LogIsShort(ILogger logger, string log);

        [LoggerMessage(4002, LogLevel.Information, "The store works again")]
        public static partial void Working(ILogger logger);
    }
}
