using Microsoft.Data.Sqlite;

namespace Teal.Sqlite;

/// <summary>One write that waits for its commit.</summary>
/// <param name="execute">Changes the database.</param>
/// <param name="committed">Run after the commit, on the writer's thread.</param>
internal sealed class SqliteWrite(Action<SqliteConnection> execute, Action committed)
{
    // Without a work item of its own: WriteCompletions has one for many.
    private readonly TaskCompletionSource _done = new();

    /// <summary>Completes when <see cref="Complete"/> is called.</summary>
    public Task Done => _done.Task;

    /// <summary>Why it could not be committed; null: it is.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Changes the database, in the writer's transaction.</summary>
    public void Execute(SqliteConnection connection) => execute(connection);

    /// <summary>Notes that it is committed.</summary>
    public void Commit() => committed();

    /// <summary>Tells whoever waits for it; what it does then runs on this thread.</summary>
    public void Complete()
    {
        if (Failure is null) _done.SetResult();
        else _done.SetException(Failure);
    }
}
