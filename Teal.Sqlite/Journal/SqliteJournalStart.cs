using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;

namespace Teal.Sqlite.Journal;

/// <summary>What has to be known before the journal can be used; takes the longer the more events are kept, as all are counted.</summary>
internal static class SqliteJournalStart
{
    /// <summary>Reads the journal's id, its beginning, its last position and its topics; gives an id to a new one.</summary>
    public static (string Id, long Created, long Last) Run(
        SqliteConnection connection, long now, SqliteTopics topics, TraceHorizons horizons)
    {
        Execute(
            connection, "INSERT INTO journal (id, created, counted_to) SELECT $id, $now, 0 WHERE NOT EXISTS (SELECT 1 FROM journal)",
            ("$id", Guid.NewGuid().ToString("N")), ("$now", now));
        using (var transaction = connection.BeginTransaction())
        {
            new TopicIndex().Write(connection);
            transaction.Commit();
        }

        ReadEvents(connection, topics);
        ReadEnds(connection, topics);
        ReadClaims(connection, topics);
        topics.Commit();
        using (var reader = Query(connection, "SELECT kind, position FROM trace_horizons"))
        {
            while (reader.Read()) horizons.Raise(KindOf(reader.GetInt32(0)), reader.GetInt64(1));
        }

        using var journal = Query(
            connection, "SELECT id, created, max(created, counted_to, coalesce((SELECT max(position) FROM events), 0)) FROM journal");
        journal.Read();
        return (journal.GetString(0), journal.GetInt64(1), journal.GetInt64(2));
    }

    private static void ReadEvents(SqliteConnection connection, SqliteTopics topics)
    {
        // The lengths stand in the rows' heads: what they are of is not read.
        using var reader = Query(
            connection,
            "SELECT position, topic, kind, room, length(body) + coalesce(length(content), 0), owner FROM events ORDER BY position");
        while (reader.Read())
        {
            var kind = KindOf(reader.GetInt32(2));
            var room = reader.IsDBNull(3) ? JournalRoom.Of(kind) : new JournalRoom(reader.GetByte(3));
            var hash = reader.GetFieldValue<byte[]>(1);
            var topic = topics.Find(TopicHash.ToKey(hash)) ?? topics.Add(hash, kind, room, 0);
            topics.Move(topic, room);
            var owner = reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5);
            topics.AddEvent(topic, reader.GetInt64(0), owner, EventRow.SizeOf(reader.GetInt64(4)));
            topics.Commit();
        }
    }

    private static void ReadEnds(SqliteConnection connection, SqliteTopics topics)
    {
        using var reader = Query(connection, "SELECT topic, deleted_to, kept_to, keep_until FROM topic_ends");
        while (reader.Read())
        {
            if (topics.Find(TopicHash.ToKey(reader.GetFieldValue<byte[]>(0))) is { } topic)
                topics.SetEnd(topic, new TopicEnd(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        }
    }

    // What was claimed since its events came.
    private static void ReadClaims(SqliteConnection connection, SqliteTopics topics)
    {
        using var reader = Query(connection, "SELECT topic FROM topic_claims");
        while (reader.Read())
        {
            if (topics.Find(TopicHash.ToKey(reader.GetFieldValue<byte[]>(0))) is { } topic && topic.Room == JournalRoom.Unclaimed)
                topics.Move(topic, JournalRoom.Of(topic.Kind, isInvited: false, isClaimed: true));
        }
    }

    private static EventKind KindOf(int number) =>
        EventKinds.ByNumber(number) ?? throw new SqliteStoreException(
            $"A later version of Teal wrote events of the kind {number} into the database. Start that version, or another data folder.");

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
