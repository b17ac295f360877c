using Microsoft.Data.Sqlite;
using Teal.Core.Hosting;
using Teal.Sqlite.Database;

namespace Teal.Sqlite.Writing;

/// <summary>
/// Whether the write-ahead log can be relied on: it is synced behind each commit, begun anew where a sync failed, and refuses further
/// commits where it is too long. Used on the writer's thread.
/// </summary>
internal sealed class DurableLog(SqliteDatabase database, WriteAheadLog log, long maximumSize, WriterReport report) : IDisposable
{
    // Whether it may not be on the disk although a later sync said so.
    private bool _isInDoubt;

    /// <summary>Whether nothing was written since it was emptied.</summary>
    public bool IsEmpty => log.IsEmpty;

    /// <summary>Why nothing can be committed now; null: it can.</summary>
    public Exception? FindRefusal()
    {
        if (_isInDoubt && TryEmpty() is { } doubt) return doubt;
        return log.Size >= maximumSize ? TryBeginAnew() : null;
    }

    /// <summary>Has what was committed on the disk; null: it is. Else why it may not be.</summary>
    /// <param name="syncing">Run before; what it throws is the sync's failure.</param>
    public Exception? TrySync(Action? syncing)
    {
        try
        {
            syncing?.Invoke();
            Sync();
        }
        catch (Exception exception)
        {
            _isInDoubt = true;
            report.Fails(exception);
            return exception;
        }

        report.Works();
        return null;
    }

    /// <summary>Nothing has been written for a while: what was deleted stays in the log until it begins anew.</summary>
    public void Rest()
    {
        if (!_isInDoubt) log.TryEmpty();
    }

    /// <summary>Copies it into the database when that is due.</summary>
    public void KeepShort()
    {
        if (_isInDoubt) return;

        log.CheckpointWhenDue();
        report.Look(log.Size);
    }

    /// <inheritdoc/>
    public void Dispose() => log.Dispose();

    private void Sync()
    {
        ProcessorTurn.BeginSync();
        try
        {
            log.Sync();
        }
        finally
        {
            ProcessorTurn.EndSync();
        }
    }

    // Linux tells once that a sync failed, and may take for written what it could not write: no later sync of the log says that all of it
    // is on the disk. So it is copied to the database, which is synced, and begun anew.
    private SqliteException? TryEmpty()
    {
        try
        {
            log.Empty();
            _isInDoubt = false;
            return null;
        }
        catch (SqliteException exception)
        {
            report.Fails(exception);
            return exception;
        }
    }

    private SqliteStoreException? TryBeginAnew()
    {
        log.TryEmpty();
        if (log.Size < maximumSize) return null;

        var full = new SqliteStoreException(
            $"{database.Path}-wal has {log.Size >> 20} MiB (Teal:MaximumLogSize) and cannot begin anew, " +
            "as another program has been reading from it. End that program; Teal then goes on by itself.");
        report.Fails(full);
        return full;
    }
}
