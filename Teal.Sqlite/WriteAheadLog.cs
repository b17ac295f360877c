using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Teal.Sqlite;

/// <summary>
/// The database's write-ahead log as a file of the operating system: SQLite writes it, and the writer syncs it, when it has told of what it wrote.
/// </summary>
internal sealed partial class WriteAheadLog : IDisposable
{
    private const int Interrupted = 4;

    private readonly string _path;
    private readonly SafeFileHandle _file;

    private WriteAheadLog(string path, SafeFileHandle file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>
    /// Opens the log of a database that a connection has read from, so that the log exists, and that stays open longer than this. Nothing may do so with the
    /// database's own file: closing it would take SQLite's locks away.
    /// </summary>
    public static WriteAheadLog Open(SqliteDatabase database)
    {
        var path = database.Path + "-wal";
        return new WriteAheadLog(path, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <summary>Returns when what was written is on the disk; throws <see cref="SqliteStoreException"/> when it may not be.</summary>
    public void Sync()
    {
        if (OperatingSystem.IsLinux()) SyncData();
        else RandomAccess.FlushToDisk(_file);
    }

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
