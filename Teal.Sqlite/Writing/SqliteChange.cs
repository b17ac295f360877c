using Microsoft.Data.Sqlite;

namespace Teal.Sqlite.Writing;

/// <summary>A write for the writer's thread.</summary>
/// <param name="lane">Whom it may hold up.</param>
/// <param name="execute">Changes the database.</param>
/// <param name="synced">Run when it is durable, on the writer's thread.</param>
internal sealed class SqliteChange(WriteLane lane, Action<SqliteConnection> execute, Action? synced) : SqliteWrite
{
    // Without a work item of its own: WriteCompletions has one for many.
    private readonly TaskCompletionSource _done = new();

    /// <summary>Completes when <see cref="Complete"/> is called.</summary>
    public Task Done => _done.Task;

    /// <inheritdoc/>
    public override int Size => 0;

    /// <inheritdoc/>
    public override WriteLane Lane => lane;

    /// <inheritdoc/>
    public override void Execute(SqliteConnection connection) => execute(connection);

    /// <inheritdoc/>
    public override void AfterCommit()
    {
    }

    /// <inheritdoc/>
    public override void AfterSync() => synced?.Invoke();

    /// <inheritdoc/>
    public override void Complete()
    {
        if (Failure is null) _done.SetResult();
        else _done.SetException(Failure);
    }
}
