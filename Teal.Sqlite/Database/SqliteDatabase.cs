using Microsoft.Data.Sqlite;
using Teal.Core.States;

namespace Teal.Sqlite.Database;

/// <summary>
/// The one database file of a process, <c>teal.db</c> in the data folder: opened for this process alone, readable for its owner
/// alone, in WAL mode. What is committed survives the process, and once the writer has synced it a loss of power.
/// </summary>
public sealed class SqliteDatabase : IRunRecord, IDisposable
{
    private const string FileName = "teal.db";

    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly OwnerMark _owner;
    private readonly int _secondsForOthers;

    private SqliteDatabase(string folder, FileStream folderLock, int secondsForOthers)
    {
        _secondsForOthers = secondsForOthers;
        _folder = folder;
        _lock = folderLock;
        Path = PathIn(folder);
        LastRun = File.GetLastWriteTimeUtc(folderLock.SafeFileHandle);
        _owner = OwnerMark.Write(folder);
    }

    /// <summary>The file's absolute path.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    /// <remarks>The time of the lock file, which nothing else is written into.</remarks>
    public DateTimeOffset LastRun { get; }

    /// <summary>The folder, where other users of the machine may read or change what is in it; null: they may not.</summary>
    public string? FolderOfOthers { get; private init; }

    /// <summary>Whether there is one in the folder.</summary>
    public static bool Exists(SqliteOptions options) => File.Exists(PathIn(options.DataDirectory));

    /// <summary>
    /// Opens the database, and makes it where there is none. Throws <see cref="SqliteStoreException"/> when the folder cannot be
    /// written, another process has the database, or it is damaged or of a later version; then nothing was changed.
    /// </summary>
    public static SqliteDatabase Open(SqliteOptions options)
    {
        var folder = System.IO.Path.GetFullPath(options.DataDirectory);
        var path = PathIn(folder);
        FileStream? folderLock = null;
        try
        {
            DataFolder.Create(folder);
            folderLock = DataFolder.Lock(folder);

            // SQLite gives its other files the permissions of this one.
            DataFolder.OpenFile(path, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();

            var database = new SqliteDatabase(folder, folderLock, options.SecondsForOthers)
            {
                FolderOfOthers = DataFolder.IsOpenToOthers(folder) ? folder : null,
            };
            using var connection = database.Connect();
            SqliteSchema.Prepare(connection, path);
            return database;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            folderLock?.Dispose();
            throw new SqliteStoreException(SqliteFault.Explain(exception, folder, path), exception);
        }
        catch
        {
            folderLock?.Dispose();
            throw;
        }
    }

    /// <summary>A new connection, ready for use.</summary>
    public SqliteConnection Connect()
    {
        var text = new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false, DefaultTimeout = _secondsForOthers };
        var connection = new SqliteConnection(text.ToString());
        connection.Open();
        SqliteCommands.Execute(connection, $"PRAGMA busy_timeout = {_secondsForOthers * 1000};");
        SqliteCommands.Execute(
            connection, "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;");
        return connection;
    }

    /// <summary>
    /// Throws when the folder is not this process's any more: what is written into files that were deleted would be lost without a
    /// word. One thread at a time.
    /// </summary>
    public void CheckInPlace()
    {
        if (!_owner.IsInPlace(Path)) throw new SqliteStoreException($"{Path} was deleted or replaced while Teal runs. Start Teal again.");
    }

    /// <inheritdoc/>
    public void Record(DateTimeOffset now) => File.SetLastWriteTimeUtc(_lock.SafeFileHandle, now.UtcDateTime);

    /// <summary>Writes the file anew without what was deleted; takes as much room again meanwhile.</summary>
    public void Compact()
    {
        using var connection = Connect();
        SqliteCommands.Execute(connection, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
    }

    /// <summary>What an error means, and what to do about it.</summary>
    public string Explain(Exception exception) =>
        exception is SqliteStoreException ? exception.Message : SqliteFault.Explain(exception, _folder, Path);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static string PathIn(string folder) => System.IO.Path.Combine(folder, FileName);
}
