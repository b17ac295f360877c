using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.Sqlite;

/// <summary>The journal's statements on the writer's connection. Used on the writer's thread only, in its transactions.</summary>
internal sealed class SqliteJournalTables(TopicIndex index)
{
    /// <summary>How many rows one step looks at, of what is done in steps.</summary>
    public const int StepRows = 256;

    /// <summary>How many bytes of events one step deletes; the last one may be longer.</summary>
    public const long StepSize = 1024 * 1024;

    /// <summary>The table of topics that had events which are not kept any more.</summary>
    public const string Traces = "topic_traces";

    /// <summary>The table of topics that a program waits for.</summary>
    public const string Claims = "topic_claims";

    /// <summary>Finds when a topic's claim ends.</summary>
    public const string FindClaim = $"SELECT keep_until FROM {Claims} WHERE topic = ?";

    private SqliteStatement? _findTrace;
    private SqliteStatement? _findClaim;
    private SqliteStatement? _claim;
    private SqliteStatement? _insert;
    private SqliteStatement? _oldest;
    private SqliteStatement? _findLength;
    private SqliteStatement? _delete;
    private SqliteStatement? _deletePosition;
    private SqliteStatement? _reschedule;
    private SqliteStatement? _trace;
    private SqliteStatement? _saveEnd;
    private SqliteStatement? _deleteEnd;
    private SqliteStatement? _savePosition;
    private SqliteCommand? _upTo;
    private SqliteCommand? _due;
    private SqliteCommand? _dueEnds;

    /// <summary>The position of the last event of a topic that has none now; 0: not known.</summary>
    public long FindTrace(SqliteConnection connection, byte[] topic)
    {
        Span<long> last = stackalloc long[1];
        _findTrace ??= new SqliteStatement(connection, "SELECT last FROM topic_traces WHERE topic = ?");
        _findTrace.Bind(1, topic);
        return _findTrace.TryRead(last) ? last[0] : 0;
    }

    /// <summary>Whether the topic is claimed.</summary>
    public bool IsClaimed(SqliteConnection connection, byte[] topic, long now)
    {
        Span<long> end = stackalloc long[1];
        _findClaim ??= new SqliteStatement(connection, FindClaim);
        _findClaim.Bind(1, topic);
        return _findClaim.TryRead(end) && end[0] > now;
    }

    /// <summary>Claims a topic. A claim that lasts for most of the time anyway stays as it is.</summary>
    public void Claim(SqliteConnection connection, byte[] topic, EventKind kind, long now, long end)
    {
        _claim ??= new SqliteStatement(
            connection,
            "INSERT INTO topic_claims (topic, kind, keep_until) VALUES (?, ?, ?) ON CONFLICT (topic) DO UPDATE SET keep_until = excluded.keep_until WHERE keep_until < ?");
        _claim.Bind(1, topic);
        _claim.Bind(2, kind.Number);
        _claim.Bind(3, end);
        _claim.Bind(4, now + ((end - now) / 2));
        _claim.Run();
    }

    /// <summary>Adds an event.</summary>
    public void Insert(SqliteConnection connection, SqliteAppend append, SqliteTopic topic, EventPlace place)
    {
        _insert ??= new SqliteStatement(
            connection, "INSERT INTO events (position, topic, kind, previous, ordinal, keep_until, body, room, content) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?)");
        _insert.Bind(1, place.Position);
        _insert.Bind(2, topic.Hash);
        _insert.Bind(3, topic.Kind.Number);
        _insert.Bind(4, place.Previous);
        _insert.Bind(5, append.KeepUntil);
        _insert.Bind(6, append.Body);
        _insert.Bind(7, topic.Room.Number);
        if (append.Content is { } content) _insert.Bind(8, content.Span);
        else _insert.BindNull(8);
        _insert.Run();
        index.Add(topic.Key, place.Position);
    }

    /// <summary>The topic's oldest event.</summary>
    public EventRow FindOldest(SqliteConnection connection, SqliteTopic topic)
    {
        Span<long> row = stackalloc long[3];
        _oldest ??= new SqliteStatement(
            connection,
            "SELECT e.position, length(e.body), length(e.content) FROM topic_positions t CROSS JOIN events e ON e.position = t.position WHERE t.topic = ? ORDER BY t.position LIMIT 1");
        _oldest.Bind(1, topic.Hash);
        if (!_oldest.TryRead(row))
        {
            index.Write(connection);
            if (!_oldest.TryRead(row)) throw new InvalidOperationException("The journal's index lacks a topic.");
        }

        return new EventRow(row[0], topic.Hash, row[1] + row[2]);
    }

    /// <summary>The topic's first events up to a position, a step of them; fewer rows and bytes than that: there are no more.</summary>
    public List<EventRow> UpTo(SqliteConnection connection, SqliteTopic topic, long position, out bool isAll)
    {
        var (rows, size) = (new List<EventRow>(), 0L);
        _upTo ??= SqliteCommands.Prepare(
            connection,
            "SELECT e.position, e.topic, length(e.body) + coalesce(length(e.content), 0) FROM topic_positions t CROSS JOIN events e ON e.position = t.position WHERE t.topic = $1 AND t.position <= $2 ORDER BY t.position",
            2);
        _upTo.Parameters[0].Value = topic.Hash;
        _upTo.Parameters[1].Value = position;
        isAll = ReadStep(_upTo, rows, ref size);
        if (!isAll) return rows;

        // Behind those of the index, those that it does not have yet; some may be deleted.
        _findLength ??= new SqliteStatement(connection, "SELECT length(body), length(content) FROM events WHERE position = ?");
        Span<long> lengths = stackalloc long[2];
        foreach (var recent in index.WrittenUpTo(topic.Key, position))
        {
            if (rows.Count >= StepRows || size >= StepSize)
            {
                isAll = false;
                break;
            }

            _findLength.Bind(1, recent);
            if (!_findLength.TryRead(lengths)) continue;

            rows.Add(new EventRow(recent, topic.Hash, lengths[0] + lengths[1]));
            size += rows[^1].Size;
        }

        return rows;
    }

    /// <summary>Events whose own end has come, a step of them.</summary>
    public List<EventRow> Due(SqliteConnection connection, long now, out bool isAll)
    {
        var (rows, size) = (new List<EventRow>(), 0L);
        _due ??= SqliteCommands.Prepare(
            connection, "SELECT position, topic, length(body) + coalesce(length(content), 0) FROM events WHERE keep_until <= $1 ORDER BY keep_until", 1);
        _due.Parameters[0].Value = now;
        isAll = ReadStep(_due, rows, ref size);
        return rows;
    }

    /// <summary>Topics whose events end at once, and whose end has come; a step of them.</summary>
    public List<byte[]> DueEnds(SqliteConnection connection, long now)
    {
        var topics = new List<byte[]>();
        _dueEnds ??= SqliteCommands.Prepare(connection, $"SELECT topic FROM topic_ends WHERE kept_to > 0 AND keep_until <= $1 LIMIT {StepRows}", 1);
        _dueEnds.Parameters[0].Value = now;
        using var reader = _dueEnds.ExecuteReader();
        while (reader.Read()) topics.Add(reader.GetFieldValue<byte[]>(0));
        return topics;
    }

    /// <summary>Deletes an event.</summary>
    public void Delete(SqliteConnection connection, EventRow row)
    {
        _delete ??= new SqliteStatement(connection, "DELETE FROM events WHERE position = ?");
        _delete.Bind(1, row.Position);
        _delete.Run();

        _deletePosition ??= new SqliteStatement(connection, "DELETE FROM topic_positions WHERE topic = ? AND position = ?");
        _deletePosition.Bind(1, row.Topic);
        _deletePosition.Bind(2, row.Position);
        _deletePosition.Run();
    }

    /// <summary>Gives an event another end.</summary>
    public void Reschedule(SqliteConnection connection, EventRow row, long keepUntil)
    {
        _reschedule ??= new SqliteStatement(connection, "UPDATE events SET keep_until = ? WHERE position = ?");
        _reschedule.Bind(1, keepUntil);
        _reschedule.Bind(2, row.Position);
        _reschedule.Run();
    }

    /// <summary>Remembers that there was a topic.</summary>
    public void LeaveTrace(SqliteConnection connection, SqliteTopic topic, long end)
    {
        _trace ??= new SqliteStatement(connection, "INSERT OR REPLACE INTO topic_traces (topic, last, keep_until, kind) VALUES (?, ?, ?, ?)");
        _trace.Bind(1, topic.Hash);
        _trace.Bind(2, topic.Last);
        _trace.Bind(3, end);
        _trace.Bind(4, topic.Kind.Number);
        _trace.Run();
    }

    /// <summary>Writes what was said of all of a topic's events.</summary>
    public void SaveEnd(SqliteConnection connection, byte[] topic, TopicEnd end)
    {
        if (end.IsNothing)
        {
            _deleteEnd ??= new SqliteStatement(connection, "DELETE FROM topic_ends WHERE topic = ?");
            _deleteEnd.Bind(1, topic);
            _deleteEnd.Run();
            return;
        }

        _saveEnd ??= new SqliteStatement(connection, "INSERT OR REPLACE INTO topic_ends (topic, deleted_to, kept_to, keep_until) VALUES (?, ?, ?, ?)");
        _saveEnd.Bind(1, topic);
        _saveEnd.Bind(2, end.DeletedTo);
        _saveEnd.Bind(3, end.KeptTo);
        _saveEnd.Bind(4, end.KeepUntil);
        _saveEnd.Run();
    }

    /// <summary>Writes the index of topics for all events that it lacks.</summary>
    public void WriteIndex(SqliteConnection connection) => index.Write(connection);

    /// <summary>Deletes topics of a kind that are only remembered, up to an end, and says how many.</summary>
    public static int DeleteRemembered(SqliteConnection connection, string table, EventKind kind, long end, int limit)
    {
        using var command = SqliteCommands.Prepare(
            connection, $"DELETE FROM {table} WHERE topic IN (SELECT topic FROM {table} WHERE kind = $1 AND keep_until <= $2 ORDER BY keep_until LIMIT $3)", 3);
        command.Parameters[0].Value = (long)kind.Number;
        command.Parameters[1].Value = end;
        command.Parameters[2].Value = limit;
        return command.ExecuteNonQuery();
    }

    /// <summary>Writes down that the kind's first traces are about to be deleted, and returns the position up to which topics are unknown then.</summary>
    public static long RaiseHorizon(SqliteConnection connection, EventKind kind, int limit)
    {
        using var command = SqliteCommands.Prepare(
            connection,
            """
            INSERT INTO trace_horizons (kind, position) SELECT $1, coalesce(max(last), 0) FROM (SELECT last FROM topic_traces WHERE kind = $1 ORDER BY keep_until LIMIT $2) WHERE true
            ON CONFLICT (kind) DO UPDATE SET position = max(position, excluded.position) RETURNING position
            """,
            2);
        command.Parameters[0].Value = (long)kind.Number;
        command.Parameters[1].Value = limit;
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Writes the last position, so that it is known when the last event is deleted.</summary>
    public void SavePosition(SqliteConnection connection, long position)
    {
        _savePosition ??= new SqliteStatement(connection, "UPDATE journal SET counted_to = ?");
        _savePosition.Bind(1, position);
        _savePosition.Run();
    }

    // Whether it read all there are.
    private static bool ReadStep(SqliteCommand command, List<EventRow> rows, ref long size)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (rows.Count >= StepRows || size >= StepSize) return false;

            rows.Add(new EventRow(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetInt64(2)));
            size += rows[^1].Size;
        }

        return true;
    }
}
