using Microsoft.Data.Sqlite;

namespace Teal.Sqlite.Writing;

/// <summary>One write, from its wait for a commit to the answer of who waits for it.</summary>
internal abstract class SqliteWrite
{
    /// <summary>Why it could not be committed or made durable; null: it could.</summary>
    public Exception? Failure { get; set; }

    /// <summary>About how many bytes it brings.</summary>
    public abstract int Size { get; }

    /// <summary>Whom it may hold up.</summary>
    public abstract WriteLane Lane { get; }

    /// <summary>Changes the database, in the writer's transaction; again when the transaction was undone.</summary>
    public abstract void Execute(SqliteConnection connection);

    /// <summary>Notes that it is committed: others find it, and it survives the end of the process.</summary>
    public abstract void AfterCommit();

    /// <summary>Notes that it survives a loss of power as well.</summary>
    public abstract void AfterSync();

    /// <summary>Tells whoever waits for it; what it does then runs on this thread.</summary>
    public abstract void Complete();
}
