using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Sqlite.Database;

namespace Teal.Sqlite.Journal;

/// <summary>
/// The journal's statements about events, on the writer's connection. Used on the writer's thread only, in its transactions.
/// </summary>
internal sealed class SqliteEventTable(TopicIndex index)
{
    /// <summary>How many rows one step looks at, of what is done in steps.</summary>
    public const int StepRows = 256;

    /// <summary>How many bytes of events one step deletes; the last one may be longer.</summary>
    public const long StepSize = 1024 * 1024;

    private SqliteStatement? _insert;
    private SqliteStatement? _oldest;
    private SqliteStatement? _findLength;
    private SqliteStatement? _delete;
    private SqliteStatement? _deletePosition;
    private SqliteStatement? _reschedule;
    private SqliteStatement? _savePosition;
    private SqliteCommand? _upTo;
    private SqliteCommand? _due;
    private SqliteCommand? _first;

    /// <summary>Adds an event.</summary>
    public void Insert(SqliteConnection connection, SqliteAppend append, SqliteTopic topic, EventPlace place)
    {
        _insert ??= new SqliteStatement(
            connection,
            "INSERT INTO events (position, topic, kind, previous, ordinal, keep_until, body, room, content, owner) " +
            "VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?)");
        _insert.Bind(1, place.Position);
        _insert.Bind(2, topic.Hash);
        _insert.Bind(3, topic.Kind.Number);
        _insert.Bind(4, place.Previous);
        _insert.Bind(5, append.KeepUntil);
        _insert.Bind(6, append.Body);
        _insert.Bind(7, topic.Room.Number);
        if (append.Content is { } content) _insert.Bind(8, content.Span);
        else _insert.BindNull(8);
        _insert.Bind(9, append.Owner);
        _insert.Run();
        index.Add(topic.Key, place.Position);
    }

    /// <summary>The topic's oldest event.</summary>
    public EventRow FindOldest(SqliteConnection connection, SqliteTopic topic)
    {
        Span<long> row = stackalloc long[3];
        _oldest ??= new SqliteStatement(
            connection,
            "SELECT e.position, length(e.body), length(e.content) " +
            "FROM topic_positions t CROSS JOIN events e ON e.position = t.position " +
            "WHERE t.topic = ? ORDER BY t.position LIMIT 1");
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
            "SELECT e.position, e.topic, length(e.body) + coalesce(length(e.content), 0) " +
            "FROM topic_positions t CROSS JOIN events e ON e.position = t.position " +
            "WHERE t.topic = $1 AND t.position <= $2 ORDER BY t.position",
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
            connection,
            "SELECT position, topic, length(body) + coalesce(length(content), 0) FROM events WHERE keep_until <= $1 ORDER BY keep_until",
            1);
        _due.Parameters[0].Value = now;
        isAll = ReadStep(_due, rows, ref size);
        return rows;
    }

    /// <summary>The first events of all topics up to a position, a step of them.</summary>
    public List<EventRow> First(SqliteConnection connection, long position, out bool isAll)
    {
        var (rows, size) = (new List<EventRow>(), 0L);
        _first ??= SqliteCommands.Prepare(
            connection,
            "SELECT position, topic, length(body) + coalesce(length(content), 0) FROM events WHERE position <= $1 ORDER BY position",
            1);
        _first.Parameters[0].Value = position;
        isAll = ReadStep(_first, rows, ref size);
        return rows;
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

    /// <summary>Writes the index of topics for all events that it lacks.</summary>
    public void WriteIndex(SqliteConnection connection) => index.Write(connection);

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
