using System.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Teal.Sqlite.Database;

/// <summary>
/// A statement that is compiled once and run for each event: SQLite's own functions, without the boxes and the look-up of names that a
/// <see cref="SqliteCommand"/> costs each time. It ends with its connection, and is used on one thread at a time.
/// </summary>
internal sealed class SqliteStatement
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>Compiles it.</summary>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Closed) _statement.Dispose();
        };
    }

    /// <summary>Sets the parameter with that number, from 1.</summary>
    public void Bind(int number, long value) => Check(raw.sqlite3_bind_int64(_statement, number, value));

    /// <summary>Sets the parameter with that number, from 1.</summary>
    public void Bind(int number, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(_statement, number, value));

    /// <summary>Sets the parameter with that number, from 1, to NULL.</summary>
    public void BindNull(int number) => Check(raw.sqlite3_bind_null(_statement, number));

    /// <summary>Sets the parameter with that number, from 1; null: to NULL.</summary>
    public void Bind(int number, byte[]? value)
    {
        if (value is null) BindNull(number);
        else Bind(number, value.AsSpan());
    }

    /// <summary>Runs it to its end; throws <see cref="SqliteException"/> when it fails.</summary>
    public void Run()
    {
        var result = raw.sqlite3_step(_statement);
        var reset = raw.sqlite3_reset(_statement);
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) Check(reset == raw.SQLITE_OK ? result : reset);
    }

    /// <summary>
    /// Runs it to its first row, and reads that row's numbers, NULL as 0; false: there is no row. Throws
    /// <see cref="SqliteException"/> when it fails.
    /// </summary>
    public bool TryRead(Span<long> numbers)
    {
        var result = raw.sqlite3_step(_statement);
        for (var i = 0; result == raw.SQLITE_ROW && i < numbers.Length; i++) numbers[i] = raw.sqlite3_column_int64(_statement, i);
        var reset = raw.sqlite3_reset(_statement);
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) Check(reset == raw.SQLITE_OK ? result : reset);
        return result == raw.SQLITE_ROW;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, _database);
    }
}
