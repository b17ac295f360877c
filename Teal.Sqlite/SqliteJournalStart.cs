using System.Globalization;
using Microsoft.Data.Sqlite;
using Teal.Core.Events;

namespace Teal.Sqlite;

/// <summary>What has to be known before the journal can be used; takes the longer the more was appended since the last deletion.</summary>
internal static class SqliteJournalStart
{
    /// <summary>Reads the journal's id, its beginning, its last position and its counts; gives an id to a new one.</summary>
    public static (string Id, long Created, long Last, JournalCounts Counts) Run(SqliteConnection connection, long now)
    {
        Execute(connection, "INSERT INTO journal (id, created, counted_to) SELECT $id, $now, 0 WHERE NOT EXISTS (SELECT 1 FROM journal)", ("$id", Guid.NewGuid().ToString("N")), ("$now", now));
        using (var transaction = connection.BeginTransaction())
        {
            new TopicIndex().Write(connection);
            transaction.Commit();
        }

        using var reader = Query(connection, "SELECT id, created, counted_to, (SELECT max(position) FROM events) FROM journal");
        reader.Read();
        var (id, created, countedTo) = (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2));
        var last = Math.Max(Math.Max(created, countedTo), reader.IsDBNull(3) ? 0 : reader.GetInt64(3));

        var counts = new JournalCounts();
        Count(connection, counts, "SELECT kind, events, size FROM journal_usage");
        Count(connection, counts, string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT kind, count(*), sum(length(body) + {EventRow.SizeOf(0)}) FROM events WHERE position > {countedTo} GROUP BY kind"));
        counts.Commit();
        return (id, created, last, counts);
    }

    private static void Count(SqliteConnection connection, JournalCounts counts, string sql)
    {
        using var reader = Query(connection, sql);
        while (reader.Read()) counts.Add((EventKind)reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    // The command lives as long as its reader, and both as the connection.
    private static SqliteDataReader Query(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteReader();
    }

    private static void Execute(SqliteConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
