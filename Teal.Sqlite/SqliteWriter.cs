using System.Collections.Concurrent;
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

    private readonly SqliteDatabase _database;
    private readonly ILogger _logger;
    private readonly SqliteConnection _connection;
    private readonly BlockingCollection<Write> _writes;
    private readonly Thread _thread;

    // Not SqliteTransaction: a command that is kept and used again would have to be given each new one.
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollBack;

    private volatile bool _isHealthy = true;

    /// <summary>Starts the thread.</summary>
    public SqliteWriter(SqliteDatabase database, SqliteOptions options, ILogger<SqliteWriter> logger)
    {
        _database = database;
        _logger = logger;
        _connection = database.Connect();
        _begin = Command("BEGIN IMMEDIATE");
        _commit = Command("COMMIT");
        _rollBack = Command("ROLLBACK");
        _writes = new BlockingCollection<Write>(options.WriteQueueLength);
        _thread = new Thread(Run) { IsBackground = true, Name = "Teal SQLite writer" };
        _thread.Start();
    }

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
        try
        {
            if (_writes.TryAdd(entry)) return entry.Done.Task;
        }
        catch (InvalidOperationException exception)
        {
            return Task.FromException(new SqliteStoreException("The store is closed.", exception));
        }

        return Task.FromException(new SqliteStoreException("Too many writes wait for the disk."));
    }

    /// <summary>Finishes what waits, and ends.</summary>
    public void Dispose()
    {
        _writes.CompleteAdding();
        _thread.Join();
        _writes.Dispose();
        _connection.Dispose();
    }

    private void Run()
    {
        var batch = new List<Write>();
        foreach (var first in _writes.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < LargestBatch && _writes.TryTake(out var next)) batch.Add(next);

            if (TryCommit(batch) is null) continue;

            // One of them failed, and all were rolled back: each gets its own try, and its own error.
            foreach (var entry in batch)
            {
                if (TryCommit([entry]) is { } exception) entry.Done.SetException(exception);
            }
        }
    }

    private Exception? TryCommit(List<Write> batch)
    {
        try
        {
            _database.CheckInPlace();
            _begin.ExecuteNonQuery();
            foreach (var entry in batch) entry.Execute(_connection);
            _commit.ExecuteNonQuery();
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
            _rollBack.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // Some errors, a full disk among them, have rolled back already.
        }
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
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
