using Microsoft.Data.Sqlite;
using Teal.Core.Events;

namespace Teal.Sqlite;

/// <summary>The journal's statements on the writer's connection. Used on the writer's thread only, in its transactions.</summary>
internal sealed class SqliteJournalTables(TopicIndex index)
{
    /// <summary>How many events one step of a sweep looks at.</summary>
    public const int SweepStep = 500;

    private const int MostHeads = 65_536;

    // As ReadRow reads them.
    private const string Columns = "e.position, e.topic, e.kind, length(e.body)";

    // The events of topic $1 that the index has. CROSS: the index first.
    private const string FromTopic = "FROM topic_positions t CROSS JOIN events e ON e.position = t.position WHERE t.topic = $1";

    // The last position and ordinal of topics that got events lately.
    private readonly Dictionary<UInt128, (long Position, long Ordinal)> _heads = [];
    private SqliteStatement? _findHead;
    private SqliteStatement? _findOrdinal;
    private SqliteStatement? _findTrace;
    private SqliteCommand? _oldest;
    private SqliteStatement? _insert;
    private SqliteStatement? _delete;
    private SqliteStatement? _deletePosition;
    private SqliteStatement? _trace;

    /// <summary>The position and ordinal of the topic's last event, of which the first may be known where the event is not kept; 0: none.</summary>
    public (long Position, long Ordinal) FindHead(SqliteConnection connection, byte[] topic)
    {
        if (_heads.TryGetValue(TopicHash.ToKey(topic), out var head)) return head;
        if (index.FindLastWritten(TopicHash.ToKey(topic)) is > 0 and var position) return (position, FindOrdinal(connection, position));

        Span<long> row = stackalloc long[2];
        _findHead ??= new SqliteStatement(connection, $"SELECT e.position, e.ordinal {FromTopic} ORDER BY t.position DESC LIMIT 1");
        _findHead.Bind(1, topic);
        if (_findHead.TryRead(row)) return (row[0], row[1]);

        _findTrace ??= new SqliteStatement(connection, "SELECT last FROM topic_traces WHERE topic = $1");
        _findTrace.Bind(1, topic);
        return (_findTrace.TryRead(row[..1]) ? row[0] : 0, 0);
    }

    /// <summary>Adds an event.</summary>
    public void Insert(SqliteConnection connection, EventRow row, long previous, long ordinal, long keepUntil, byte[] body)
    {
        _insert ??= new SqliteStatement(
            connection, "INSERT INTO events (position, topic, kind, previous, ordinal, keep_until, body) VALUES (?, ?, ?, ?, ?, ?, ?)");
        _insert.Bind(1, row.Position);
        _insert.Bind(2, row.Topic);
        _insert.Bind(3, (long)row.Kind);
        _insert.Bind(4, previous);
        _insert.Bind(5, ordinal);
        _insert.Bind(6, keepUntil);
        _insert.Bind(7, body);
        _insert.Run();

        var key = TopicHash.ToKey(row.Topic);
        if (_heads.Count >= MostHeads) _heads.Clear();
        _heads[key] = (row.Position, ordinal);
        index.Add(key, row.Position);
    }

    /// <summary>The topic's events up to an ordinal, at most a step of them.</summary>
    public IReadOnlyList<EventRow> OldestUpTo(SqliteConnection connection, byte[] topic, long ordinal)
    {
        index.Write(connection);

        // One after the other, from the oldest: there is seldom more than one.
        var rows = new List<EventRow>(1);
        _oldest ??= SqliteDatabase.Prepare(connection, $"SELECT {Columns}, e.ordinal {FromTopic} ORDER BY t.position", 1);
        _oldest.Parameters[0].Value = topic;
        using var reader = _oldest.ExecuteReader();
        while (rows.Count < SweepStep && reader.Read() && reader.GetInt64(4) <= ordinal) rows.Add(ReadRow(reader));
        return rows;
    }

    /// <summary>All events of a topic.</summary>
    public IReadOnlyList<EventRow> OfTopic(SqliteConnection connection, byte[] topic)
    {
        index.Write(connection);
        using var command = SqliteDatabase.Prepare(connection, $"SELECT {Columns} {FromTopic} ORDER BY t.position", 1);
        command.Parameters[0].Value = topic;
        return ReadRows(command);
    }

    /// <summary>Events that need not be kept any more, at most a step of them.</summary>
    public static IReadOnlyList<EventRow> Over(SqliteConnection connection, long now)
    {
        using var command = SqliteDatabase.Prepare(
            connection, $"SELECT {Columns} FROM events e WHERE keep_until <= $1 ORDER BY keep_until LIMIT {SweepStep}", 1);
        command.Parameters[0].Value = now;
        return ReadRows(command);
    }

    /// <summary>The oldest events of a kind other than callbacks.</summary>
    public static IReadOnlyList<EventRow> OldestOf(SqliteConnection connection, EventKind kind, int count)
    {
        using var command = SqliteDatabase.Prepare(
            connection, $"SELECT {Columns} FROM events e WHERE kind = $1 AND kind > 0 ORDER BY position LIMIT {count}", 1);
        command.Parameters[0].Value = (long)kind;
        return ReadRows(command);
    }

    /// <summary>Deletes an event, and leaves a trace of it.</summary>
    public void Delete(SqliteConnection connection, EventRow row, long traceEnd)
    {
        _delete ??= new SqliteStatement(connection, "DELETE FROM events WHERE position = ?");
        _delete.Bind(1, row.Position);
        _delete.Run();

        _deletePosition ??= new SqliteStatement(connection, "DELETE FROM topic_positions WHERE topic = ? AND position = ?");
        _deletePosition.Bind(1, row.Topic);
        _deletePosition.Bind(2, row.Position);
        _deletePosition.Run();

        _trace ??= new SqliteStatement(
            connection,
            "INSERT INTO topic_traces (topic, last, keep_until) VALUES (?, ?, ?) ON CONFLICT (topic) DO UPDATE SET last = max(last, excluded.last), keep_until = excluded.keep_until");
        _trace.Bind(1, row.Topic);
        _trace.Bind(2, row.Position);
        _trace.Bind(3, traceEnd);
        _trace.Run();
    }

    /// <summary>Moves the end of a topic's events.</summary>
    public void KeepUntil(SqliteConnection connection, byte[] topic, long keepUntil)
    {
        index.Write(connection);
        using var command = SqliteDatabase.Prepare(
            connection, "UPDATE events SET keep_until = $2 WHERE position IN (SELECT position FROM topic_positions WHERE topic = $1)", 2);
        command.Parameters[0].Value = topic;
        command.Parameters[1].Value = keepUntil;
        command.ExecuteNonQuery();
    }

    /// <summary>Deletes traces that are over.</summary>
    public void DeleteTraces(SqliteConnection connection, long now)
    {
        // Nothing in memory is to outlive a trace.
        index.Write(connection);
        using var command = SqliteDatabase.Prepare(
            connection,
            $"DELETE FROM topic_traces WHERE topic IN (SELECT topic FROM topic_traces WHERE keep_until <= $1 LIMIT {SweepStep * 10})", 1);
        command.Parameters[0].Value = now;
        command.ExecuteNonQuery();
    }

    /// <summary>Forgets what was remembered of topics.</summary>
    public void ForgetHeads() => _heads.Clear();

    private long FindOrdinal(SqliteConnection connection, long position)
    {
        Span<long> ordinal = stackalloc long[1];
        _findOrdinal ??= new SqliteStatement(connection, "SELECT ordinal FROM events WHERE position = $1");
        _findOrdinal.Bind(1, position);
        return _findOrdinal.TryRead(ordinal) ? ordinal[0] : 0;
    }

    private static List<EventRow> ReadRows(SqliteCommand command)
    {
        var rows = new List<EventRow>();
        using var reader = command.ExecuteReader();
        while (reader.Read()) rows.Add(ReadRow(reader));
        return rows;
    }

    private static EventRow ReadRow(SqliteDataReader reader) =>
        new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), (EventKind)reader.GetInt32(2), reader.GetInt64(3));
}
