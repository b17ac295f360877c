using Microsoft.Data.Sqlite;
using Teal.Sqlite.Database;

namespace Teal.Sqlite.Writing;

/// <summary>
/// The transactions of the writer's connection, one after the other. Not <see cref="SqliteTransaction"/>: a command that is
/// kept and used again would have to be given each new one.
/// </summary>
internal sealed class WriteTransaction(SqliteConnection connection)
{
    private readonly SqliteStatement _begin = new(connection, "BEGIN IMMEDIATE");
    private readonly SqliteStatement _commit = new(connection, "COMMIT");
    private readonly SqliteStatement _rollBack = new(connection, "ROLLBACK");

    /// <summary>Begins one; throws <see cref="SqliteException"/> when another program has the database for long.</summary>
    public void Begin() => _begin.Run();

    /// <summary>Ends it, with all that was written.</summary>
    public void Commit() => _commit.Run();

    /// <summary>Ends it, where there is one, with nothing written.</summary>
    public void RollBack()
    {
        try
        {
            _rollBack.Run();
        }
        catch (SqliteException)
        {
            // Some errors, a full disk among them, have rolled back already.
        }
    }
}
