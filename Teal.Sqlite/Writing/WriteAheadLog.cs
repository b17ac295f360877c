using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;
using Teal.Sqlite.Database;

namespace Teal.Sqlite.Writing;

/// <summary>
/// The database's write-ahead log: SQLite writes it with each commit of the writer's connection, and leaves it to the writer
/// when it is synced, and when it is copied into the database. All but the end of it is copied on another thread, while the
/// writer goes on: the whole takes as long as ten commits and more.
/// </summary>
internal sealed partial class WriteAheadLog : IDisposable
{
    private const int Interrupted = 4;

    // Of 4 KiB. A page that many commits change is copied back once for all of them; the log takes 16 MiB of disk then.
    private const int PagesPerCheckpoint = 4000;

    // The end that the writer copies itself, so that the log begins anew, and how often the other thread copies what came
    // meanwhile to make it that short.
    private const int PagesAtTheEnd = 500, MostPasses = 4;

    // What is left of the file when the log begins anew, in bytes; a storm with slow readers makes it longer.
    private const int LongestKept = 24 * 1024 * 1024;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteConnection _copier;
    private readonly SafeFileHandle _file;

    // Of the log as it is now: how many times the other thread copied, up to which page, and whether it does.
    private int _passes;
    private int _copied;
    private Task _copying = Task.CompletedTask;

    private WriteAheadLog(string path, SqliteConnection connection, SqliteConnection copier, SafeFileHandle file)
    {
        _path = path;
        _connection = connection;
        _copier = copier;
        _file = file;
    }

    /// <summary>
    /// Opens the log of a database for the writer's connection, which has to stay open longer than this. Nothing may open the database's
    /// own file so: closing it would take SQLite's locks away.
    /// </summary>
    public static WriteAheadLog Open(SqliteDatabase database, SqliteConnection connection)
    {
        // NORMAL: a commit writes the log, and Sync syncs it. What SQLite copies from the log to the database it syncs before
        // and after. Any read makes the log.
        SqliteCommands.Execute(
            connection,
            $"PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = {LongestKept}; " +
            "SELECT count(*) FROM sqlite_master");
        var path = database.Path + "-wal";
        var copier = database.Connect();
        SqliteCommands.Execute(copier, "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0");
        return new WriteAheadLog(
            path, connection, copier, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <summary>Whether nothing was written since it was emptied.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>How many bytes its file has, as of the last look whether that is due; 0: it is short.</summary>
    public long Size { get; private set; }

    /// <summary>Returns when what was written is on the disk; throws <see cref="SqliteStoreException"/> when it may not be.</summary>
    public void Sync()
    {
        IsEmpty = false;
        if (OperatingSystem.IsLinux()) SyncData();
        else RandomAccess.FlushToDisk(_file);
    }

    /// <summary>
    /// Copies it into the database when it has become long. Not part of a commit, as SQLite's own checkpoints are, and waits for nobody:
    /// while somebody reads from the log it cannot begin anew, and the next call tries again.
    /// </summary>
    public void CheckpointWhenDue()
    {
        raw.sqlite3_db_status(_connection.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, resetFlg: 0);

        // Pages count also where they could not be written.
        Size = pages < PagesPerCheckpoint ? 0 : RandomAccess.GetLength(_file);
        if (pages < PagesPerCheckpoint || !_copying.IsCompleted) return;

        if (pages - _copied > PagesAtTheEnd && _passes < MostPasses)
        {
            _passes++;
            _copied = pages;
            _copying = Task.Factory.StartNew(Copy, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return;
        }

        if (TryCheckpoint(raw.SQLITE_CHECKPOINT_RESTART)) BeginAnew();
    }

    /// <summary>Copies all of it into the database and cuts it to nothing, unless somebody reads from it just now.</summary>
    public void TryEmpty()
    {
        if (!_copying.IsCompleted || !TryCheckpoint(raw.SQLITE_CHECKPOINT_TRUNCATE)) return;

        IsEmpty = true;
        BeginAnew();
    }

    /// <summary>
    /// Copies all of it into the database, syncs that, and begins the log anew; throws <see cref="SqliteException"/> when
    /// somebody reads from it for long.
    /// </summary>
    public void Empty()
    {
        _copying.Wait();
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_wal_checkpoint_v2(_connection.Handle, null, raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _), _connection.Handle);
        BeginAnew();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _copying.Wait();
        _copier.Dispose();
        _file.Dispose();
    }

    // What goes wrong here goes wrong again when the writer copies the end.
    private void Copy() => raw.sqlite3_wal_checkpoint_v2(_copier.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    // Without waiting for those who read.
    private bool TryCheckpoint(int mode)
    {
        raw.sqlite3_busy_timeout(_connection.Handle, 0);
        var result = raw.sqlite3_wal_checkpoint_v2(_connection.Handle, null, mode, out _, out _);
        raw.sqlite3_busy_timeout(_connection.Handle, _connection.DefaultTimeout * 1000);
        return result == raw.SQLITE_OK;
    }

    private void BeginAnew()
    {
        raw.sqlite3_db_status(_connection.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out _, out _, resetFlg: 1);
        (_passes, _copied, Size) = (0, 0, 0);
    }

    // RandomAccess.FlushToDisk calls fsync, which writes the file's times, too, and takes what it cannot sync for synced.
    private void SyncData()
    {
        while (DataSync(_file) != 0)
        {
            if (Marshal.GetLastPInvokeError() == Interrupted) continue;
            throw new SqliteStoreException(
                $"{_path} could not be synced to the disk ({Marshal.GetLastPInvokeErrorMessage()}). Look at the disk.");
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);
}
