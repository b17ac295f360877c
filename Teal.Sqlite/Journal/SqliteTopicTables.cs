using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Sqlite.Database;

namespace Teal.Sqlite.Journal;

/// <summary>
/// The journal's statements about topics: what was said of all their events, who waits for them, and which there were. On the writer's
/// connection, used on the writer's thread only, in its transactions.
/// </summary>
internal sealed class SqliteTopicTables
{
    /// <summary>The table of topics that had events which are not kept any more.</summary>
    public const string Traces = "topic_traces";

    /// <summary>The table of topics that a program waits for.</summary>
    public const string Claims = "topic_claims";

    /// <summary>Finds when a topic's claim ends.</summary>
    public const string FindClaim = $"SELECT keep_until FROM {Claims} WHERE topic = ?";

    private SqliteStatement? _findTrace;
    private SqliteStatement? _trace;
    private SqliteStatement? _findClaim;
    private SqliteStatement? _claim;
    private SqliteStatement? _saveEnd;
    private SqliteStatement? _deleteEnd;
    private SqliteCommand? _dueEnds;

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
            "INSERT INTO topic_claims (topic, kind, keep_until) VALUES (?, ?, ?) " +
            "ON CONFLICT (topic) DO UPDATE SET keep_until = excluded.keep_until WHERE keep_until < ?");
        _claim.Bind(1, topic);
        _claim.Bind(2, kind.Number);
        _claim.Bind(3, end);
        _claim.Bind(4, now + ((end - now) / 2));
        _claim.Run();
    }

    /// <summary>The position of the last event of a topic that has none now; 0: not known.</summary>
    public long FindTrace(SqliteConnection connection, byte[] topic)
    {
        Span<long> last = stackalloc long[1];
        _findTrace ??= new SqliteStatement(connection, "SELECT last FROM topic_traces WHERE topic = ?");
        _findTrace.Bind(1, topic);
        return _findTrace.TryRead(last) ? last[0] : 0;
    }

    /// <summary>Remembers that there was a topic.</summary>
    public void LeaveTrace(SqliteConnection connection, SqliteTopic topic, long end)
    {
        _trace ??= new SqliteStatement(
            connection, "INSERT OR REPLACE INTO topic_traces (topic, last, keep_until, kind, owner) VALUES (?, ?, ?, ?, ?)");
        _trace.Bind(1, topic.Hash);
        _trace.Bind(2, topic.Last);
        _trace.Bind(3, end);
        _trace.Bind(4, topic.Kind.Number);
        _trace.Bind(5, topic.LastOwner);
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

        _saveEnd ??= new SqliteStatement(
            connection, "INSERT OR REPLACE INTO topic_ends (topic, deleted_to, kept_to, keep_until) VALUES (?, ?, ?, ?)");
        _saveEnd.Bind(1, topic);
        _saveEnd.Bind(2, end.DeletedTo);
        _saveEnd.Bind(3, end.KeptTo);
        _saveEnd.Bind(4, end.KeepUntil);
        _saveEnd.Run();
    }

    /// <summary>Topics whose events end at once, and whose end has come; a step of them.</summary>
    public List<byte[]> DueEnds(SqliteConnection connection, long now)
    {
        var topics = new List<byte[]>();
        _dueEnds ??= SqliteCommands.Prepare(
            connection, $"SELECT topic FROM topic_ends WHERE kept_to > 0 AND keep_until <= $1 LIMIT {SqliteEventTable.StepRows}", 1);
        _dueEnds.Parameters[0].Value = now;
        using var reader = _dueEnds.ExecuteReader();
        while (reader.Read()) topics.Add(reader.GetFieldValue<byte[]>(0));
        return topics;
    }

    /// <summary>Deletes topics of a kind that are only remembered, up to an end, and says how many.</summary>
    public static int DeleteRemembered(SqliteConnection connection, string table, EventKind kind, long end, int limit)
    {
        using var command = SqliteCommands.Prepare(
            connection,
            $"DELETE FROM {table} WHERE topic IN " +
            $"(SELECT topic FROM {table} WHERE kind = $1 AND keep_until <= $2 ORDER BY keep_until LIMIT $3)",
            3);
        command.Parameters[0].Value = (long)kind.Number;
        command.Parameters[1].Value = end;
        command.Parameters[2].Value = limit;
        return command.ExecuteNonQuery();
    }

    /// <summary>
    /// Writes down that the kind's first traces are about to be deleted, and returns the position up to which topics are unknown then.
    /// </summary>
    public static long RaiseHorizon(SqliteConnection connection, EventKind kind, int limit)
    {
        using var command = SqliteCommands.Prepare(
            connection,
            """
            INSERT INTO trace_horizons (kind, position)
            SELECT $1, coalesce(max(last), 0) FROM (SELECT last FROM topic_traces WHERE kind = $1 ORDER BY keep_until LIMIT $2) WHERE true
            ON CONFLICT (kind) DO UPDATE SET position = max(position, excluded.position) RETURNING position
            """,
            2);
        command.Parameters[0].Value = (long)kind.Number;
        command.Parameters[1].Value = limit;
        return (long)command.ExecuteScalar()!;
    }
}
