using Microsoft.Data.Sqlite;
using Teal.Core.States;

namespace Teal.Sqlite;

/// <summary>
/// The one database file of a process, <c>teal.db</c> in the data folder: opened for this process alone, readable for its owner
/// alone, in WAL mode. What is committed survives the process, and once <see cref="SqliteWriter"/> has synced it a loss of power.
/// </summary>
public sealed class SqliteDatabase : IRunRecord, IDisposable
{
    // What opening a locked file fails with: Linux, macOS, Windows.
    private static readonly int[] LockedElsewhere = [11, 35, unchecked((int)0x80070020)];

    /// <summary>How long a write waits while another program, a backup for instance, has the file; the driver's commands and SQLite itself.</summary>
    internal const int SecondsForOthers = 5;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // All that is in the folder.
    private static readonly string[] FileNames = ["teal.lock", "teal.owner", "teal.owner.new", "teal.db", "teal.db-wal", "teal.db-shm", "teal.db-journal"];

    private const string FileName = "teal.db";

    private const string WhatToDoWhenDamaged =
        "Nothing was changed. Restore it from a backup, or move all files of that folder away to start with an empty store.";

    // What each version of the schema added to the one before.
    private static readonly string[] Schemas =
    [
        """
        CREATE TABLE callback_states (
            state              BLOB PRIMARY KEY, -- UTF-8; text would end at a NUL
            final_redirect_url TEXT,
            with_fragment      INTEGER NOT NULL,
            expires_at         INTEGER,          -- microseconds since 1970, UTC; NULL: never
            owner              TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX callback_states_by_expiry ON callback_states (expires_at) WHERE expires_at IS NOT NULL;
        """,
        """
        CREATE TABLE events (
            position   INTEGER PRIMARY KEY, -- microseconds since 1970, UTC, rising
            topic      BLOB NOT NULL,       -- the first 16 bytes of the SHA-256 of the kind's byte and the key's UTF-8
            kind       INTEGER NOT NULL,
            previous   INTEGER NOT NULL,    -- the position of the topic's event before; 0: none
            ordinal    INTEGER NOT NULL,    -- rises by one within the topic
            keep_until INTEGER NOT NULL,    -- microseconds since 1970, UTC
            body       BLOB NOT NULL        -- JSON, as on the bus
        );
        CREATE INDEX events_by_topic ON events (topic, position);
        CREATE INDEX events_by_end ON events (keep_until);
        CREATE INDEX events_by_kind ON events (kind, position) WHERE kind > 0; -- 0: callbacks, which are not forgotten for lack of room
        CREATE TABLE topic_traces (         -- topics that had events which are not kept any more
            topic      BLOB PRIMARY KEY,
            last       INTEGER NOT NULL,    -- the position of the last one
            keep_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX topic_traces_by_end ON topic_traces (keep_until);
        CREATE TABLE journal (              -- one row
            id         TEXT NOT NULL,
            created    INTEGER NOT NULL,    -- a position
            counted_to INTEGER NOT NULL     -- a position; journal_usage counts the events up to it
        );
        CREATE TABLE journal_usage (kind INTEGER PRIMARY KEY, events INTEGER NOT NULL, size INTEGER NOT NULL);
        """,
        """
        CREATE TABLE topic_positions (      -- which events a topic has
            topic      BLOB NOT NULL,
            position   INTEGER NOT NULL,
            PRIMARY KEY (topic, position)
        ) WITHOUT ROWID;
        ALTER TABLE journal ADD COLUMN indexed_to INTEGER NOT NULL DEFAULT 0; -- a position; topic_positions has the events up to it
        DROP INDEX events_by_topic;
        """,
        """
        -- events.ordinal is 0 from here on, and events.body leaves the content out; journal.counted_to is the last position, as it was when an event was deleted last.
        ALTER TABLE events ADD COLUMN room INTEGER; -- a JournalRoom; NULL: that of the kind. What the topic was claimed later counts more
        ALTER TABLE events ADD COLUMN request BLOB; -- the request's method, target, headers and sender (specification 9.1); NULL: they are not kept
        ALTER TABLE events ADD COLUMN content BLOB; -- the request's body as it came; NULL: there was none, or the event has all of it
        DROP INDEX events_by_kind;
        DROP TABLE journal_usage;
        CREATE TABLE topic_ends (           -- what was said of all events of a topic at once
            topic      BLOB PRIMARY KEY,
            deleted_to INTEGER NOT NULL,    -- a position; the events up to it are deleted
            kept_to    INTEGER NOT NULL,    -- a position; the events up to it are kept until keep_until
            keep_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX topic_ends_by_end ON topic_ends (keep_until) WHERE kept_to > 0;
        CREATE TABLE topic_claims (         -- topics that a program waits for
            topic      BLOB PRIMARY KEY,
            kind       INTEGER NOT NULL,
            keep_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX topic_claims_by_end ON topic_claims (kind, keep_until);
        ALTER TABLE topic_traces ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
        DROP INDEX topic_traces_by_end;
        CREATE INDEX topic_traces_by_end ON topic_traces (kind, keep_until);
        CREATE TABLE trace_horizons (kind INTEGER PRIMARY KEY, position INTEGER NOT NULL); -- traces of the kind up to there may have been deleted before their end
        """,
        """
        CREATE TABLE records (
            collection BLOB NOT NULL,           -- UTF-8, as the key
            key        BLOB NOT NULL,
            value      BLOB NOT NULL,
            version    INTEGER NOT NULL,        -- microseconds since 1970, UTC, rising
            expires_at INTEGER,                 -- microseconds since 1970, UTC; NULL: never
            PRIMARY KEY (collection, key)
        ) WITHOUT ROWID;
        CREATE INDEX records_by_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;
        """,
    ];

    private readonly FileStream _lock;

    // A file that can be read while the other one is locked.
    private readonly string _ownerPath;
    private readonly byte[] _owner = Guid.NewGuid().ToByteArray();
    private DateTime _ownerWritten;

    private SqliteDatabase(string path, FileStream fileLock)
    {
        Path = path;
        _lock = fileLock;
        LastRun = File.GetLastWriteTimeUtc(fileLock.SafeFileHandle);
        _ownerPath = System.IO.Path.ChangeExtension(path, ".owner");
        WriteOwner();
        _ownerWritten = File.GetLastWriteTimeUtc(_ownerPath);
    }

    /// <summary>The file's absolute path.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    /// <remarks>The time of the lock file, which nothing else is written into.</remarks>
    public DateTimeOffset LastRun { get; }

    /// <summary>The folder, where other users of the machine may read or change what is in it; null: they may not.</summary>
    public string? FolderOfOthers { get; private init; }

    /// <summary>Whether there is one in the folder.</summary>
    public static bool Exists(SqliteOptions options) => File.Exists(System.IO.Path.Combine(options.DataDirectory, FileName));

    /// <summary>
    /// Opens the database, and makes it where there is none. Throws <see cref="SqliteStoreException"/> when the folder cannot be
    /// written, another process has the database, or it is damaged or of a later version; then nothing was changed.
    /// </summary>
    public static SqliteDatabase Open(SqliteOptions options)
    {
        var folder = System.IO.Path.GetFullPath(options.DataDirectory);
        var path = System.IO.Path.Combine(folder, FileName);
        FileStream? fileLock = null;
        try
        {
            CreateFolder(folder);
            RefuseLinks(folder);
            fileLock = TakeLock(System.IO.Path.Combine(folder, "teal.lock"), folder);

            // SQLite gives its other files the permissions of this one.
            OpenFile(path, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();

            var database = new SqliteDatabase(path, fileLock) { FolderOfOthers = IsOpenToOthers(folder) ? folder : null };
            database.Prepare();
            return database;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            fileLock?.Dispose();
            throw new SqliteStoreException(Explain(exception, folder, path), exception);
        }
        catch
        {
            fileLock?.Dispose();
            throw;
        }
    }

    /// <summary>A new connection, ready for use.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false, DefaultTimeout = SecondsForOthers }.ToString());
        connection.Open();
        Execute(connection, $"PRAGMA busy_timeout = {SecondsForOthers * 1000};");
        Execute(connection, "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;");
        return connection;
    }

    /// <summary>
    /// Throws when the folder is not this process's any more: what is written into files that were deleted would be lost without a
    /// word. One thread at a time.
    /// </summary>
    public void CheckInPlace()
    {
        // Looked at for each commit: as long as nobody has touched the file, there is no need to read it.
        var written = File.GetLastWriteTimeUtc(_ownerPath);
        if (written == _ownerWritten && File.Exists(Path)) return;

        Span<byte> owner = stackalloc byte[16];
        try
        {
            using var handle = File.OpenHandle(_ownerPath);
            if (RandomAccess.Read(handle, owner, 0) == owner.Length && owner.SequenceEqual(_owner) && File.Exists(Path))
            {
                _ownerWritten = written;
                return;
            }
        }
        catch (IOException)
        {
            // Deleted: said below.
        }

        throw new SqliteStoreException($"{Path} was deleted or replaced while Teal runs. Start Teal again.");
    }

    /// <inheritdoc/>
    public void Record(DateTimeOffset now) => File.SetLastWriteTimeUtc(_lock.SafeFileHandle, now.UtcDateTime);

    /// <summary>Writes the file anew without what was deleted; takes as much room again meanwhile.</summary>
    public void Compact()
    {
        using var connection = Connect();
        Execute(connection, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
    }

    /// <summary>What an error means, and what to do about it.</summary>
    public string Explain(Exception exception) =>
        exception is SqliteStoreException ? exception.Message : Explain(exception, System.IO.Path.GetDirectoryName(Path)!, Path);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private void Prepare()
    {
        using var connection = Connect();
        var version = Scalar(connection, "PRAGMA user_version");
        if (version > Schemas.Length)
            throw new SqliteStoreException($"{Path} was written by a later version of Teal. Start that version, or another data folder.");

        if (Scalar(connection, "PRAGMA auto_vacuum") == 0 && version == 0) Execute(connection, "PRAGMA auto_vacuum = INCREMENTAL;");
        Execute(connection, "PRAGMA journal_mode = WAL;");
        if (version < Schemas.Length)
            Execute(connection, $"BEGIN IMMEDIATE; {string.Join('\n', Schemas.Skip((int)version))}\nPRAGMA user_version = {Schemas.Length}; COMMIT;");
        if (Text(connection, "PRAGMA quick_check(1)") is var found and not "ok")
            throw new SqliteStoreException($"{Path} is damaged ({found.Split('\n')[0]}). {WhatToDoWhenDamaged}");
    }

    private static FileStream TakeLock(string path, string folder)
    {
        try
        {
            return OpenFile(path, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException exception) when (LockedElsewhere.Contains(exception.HResult))
        {
            throw new SqliteStoreException(
                $"{folder} is in use by another process of Teal. Stop that one, or give this one another Teal:DataDirectory.", exception);
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static bool IsOpenToOthers(string folder) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & Others) != 0;

    // Whoever may write in the folder could have Teal change a file of its user's elsewhere. The folder itself may be a link.
    private static void RefuseLinks(string folder)
    {
        foreach (var name in FileNames) RefuseLink(System.IO.Path.Combine(folder, name));
    }

    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is null) return;

        throw new SqliteStoreException($"{path} is a link, and Teal does not follow it: it might lead to a file that is not Teal's. Remove it; Teal:DataDirectory may lead elsewhere.");
    }

    // In the place of the one before and not over it, so that nothing else is overwritten, whatever is put there meanwhile.
    private void WriteOwner()
    {
        var path = $"{_ownerPath}.new";
        File.Delete(path);
        using (var owner = OpenFile(path, FileMode.CreateNew, FileShare.Read)) owner.Write(_owner);
        File.Move(path, _ownerPath, overwrite: true);
    }

    private static FileStream OpenFile(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        var file = new FileStream(path, options);

        try
        {
            // Looked at again, as it may have been put there meanwhile. Permissions also where the file was there already.
            RefuseLink(path);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string Explain(Exception exception, string folder, string path) => exception switch
    {
        SqliteException { SqliteErrorCode: 11 or 26 } => $"{path} is damaged, or not a database ({exception.Message}). {WhatToDoWhenDamaged}",
        SqliteException { SqliteErrorCode: 5 or 6 } => $"{path} is locked by another program. End that program, and start again.",
        SqliteException { SqliteErrorCode: 13 } => $"The disk that holds {path} is full. Make room; Teal then goes on by itself.",
        SqliteException { SqliteErrorCode: 1 } => $"{path} is not a database of this version of Teal ({exception.Message}). {WhatToDoWhenDamaged}",
        FileNotFoundException or DirectoryNotFoundException => $"{folder} cannot be made there. Set Teal:DataDirectory to a folder that can.",
        _ => $"{folder} cannot be written ({exception.Message}). Give the user that runs Teal the right to, or set Teal:DataDirectory to another folder.",
    };

    /// <summary>A command that is kept, with the parameters <c>$1</c>, <c>$2</c>….</summary>
    internal static SqliteCommand Prepare(SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        return command;
    }

    /// <summary>Runs statements that are needed once.</summary>
    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static string Text(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }
}
