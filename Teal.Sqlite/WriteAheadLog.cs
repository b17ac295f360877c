using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace Teal.Sqlite;

/// <summary>
/// The database's write-ahead log: SQLite writes it with each commit of the writer's connection, and leaves it to the writer when it is synced, and when it is
/// copied into the database.
/// </summary>
internal sealed partial class WriteAheadLog : IDisposable
{
    private const int Interrupted = 4;

    // Of 4 KiB. A page that many commits change is copied back once for all of them; the log takes 16 MiB of disk then.
    private const int PagesPerCheckpoint = 4000;

    // What is left of the file when the log begins anew, in bytes; a storm with slow readers makes it longer.
    private const int LongestKept = 24 * 1024 * 1024;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SafeFileHandle _file;

    private WriteAheadLog(string path, SqliteConnection connection, SafeFileHandle file)
    {
        _path = path;
        _connection = connection;
        _file = file;
    }

    /// <summary>
    /// Opens the log of a database for the writer's connection, which has to stay open longer than this. Nothing may open the database's own file so:
    /// closing it would take SQLite's locks away.
    /// </summary>
    public static WriteAheadLog Open(SqliteDatabase database, SqliteConnection connection)
    {
        // NORMAL: a commit writes the log, and Sync syncs it. What SQLite copies from the log to the database it syncs before and after. Any read makes the log.
        SqliteDatabase.Execute(connection, $"PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = {LongestKept}; SELECT count(*) FROM sqlite_master");
        var path = database.Path + "-wal";
        return new WriteAheadLog(path, connection, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <summary>Whether nothing was written since it was emptied.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Returns when what was written is on the disk; throws <see cref="SqliteStoreException"/> when it may not be.</summary>
    public void Sync()
    {
        IsEmpty = false;
        if (OperatingSystem.IsLinux()) SyncData();
        else RandomAccess.FlushToDisk(_file);
    }

    /// <summary>
    /// Copies it into the database when it has become long. Not part of a commit, as SQLite's own checkpoints are, and waits for nobody: while somebody reads
    /// from the log it cannot begin anew, and the next call tries again.
    /// </summary>
    public void CheckpointWhenDue()
    {
        raw.sqlite3_db_status(_connection.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, resetFlg: 0);
        if (pages < PagesPerCheckpoint) return;

        raw.sqlite3_busy_timeout(_connection.Handle, 0);
        var result = raw.sqlite3_wal_checkpoint_v2(_connection.Handle, null, raw.SQLITE_CHECKPOINT_RESTART, out _, out _);
        raw.sqlite3_busy_timeout(_connection.Handle, SqliteDatabase.SecondsForOthers * 1000);
        if (result == raw.SQLITE_OK) raw.sqlite3_db_status(_connection.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out _, out _, resetFlg: 1);
    }

    /// <summary>Copies all of it into the database and cuts it to nothing, unless somebody reads from it just now.</summary>
    public void TryEmpty()
    {
        raw.sqlite3_busy_timeout(_connection.Handle, 0);
        IsEmpty = raw.sqlite3_wal_checkpoint_v2(_connection.Handle, null, raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _) == raw.SQLITE_OK;
        raw.sqlite3_busy_timeout(_connection.Handle, SqliteDatabase.SecondsForOthers * 1000);
        if (IsEmpty) raw.sqlite3_db_status(_connection.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out _, out _, resetFlg: 1);
    }

    /// <summary>Copies all of it into the database, syncs that, and begins the log anew; throws <see cref="SqliteException"/> when somebody reads from it for long.</summary>
    public void Empty() =>
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_wal_checkpoint_v2(_connection.Handle, null, raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _), _connection.Handle);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // RandomAccess.FlushToDisk calls fsync, which writes the file's times, too, and takes what it cannot sync for synced.
    private void SyncData()
    {
        while (DataSync(_file) != 0)
        {
            if (Marshal.GetLastPInvokeError() == Interrupted) continue;
            throw new SqliteStoreException($"{_path} could not be synced to the disk ({Marshal.GetLastPInvokeErrorMessage()}). Look at the disk.");
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);
}
