using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Teal.Sqlite.Database;

namespace Teal.Sqlite.Journal;

/// <summary>
/// Which events a topic has. Topics are random, so each event changes a page of its own in an index by topic; it is written for thousands
/// of events at once, and those that are not in it yet are in memory. A start finds them by their positions.
/// </summary>
internal sealed class TopicIndex
{
    /// <summary>How many events wait at most, but for those of one commit.</summary>
    public const int MostRecent = 16_384;

    private readonly Lock _lock = new();

    // Chains: the last entry of each topic, and of each entry the one before of its topic; -1: none.
    private readonly Dictionary<UInt128, int> _last = [];
    private readonly List<(UInt128 Topic, long Position, int Before)> _recent = [];
    private int _committed;

    // Used on the writer's thread only.
    private bool _isWritten;
    private SqliteStatement? _insert;
    private SqliteStatement? _update;

    /// <summary>Adds an event that is in the database; for the writer's thread, as all that changes it.</summary>
    public void Add(UInt128 topic, long position)
    {
        lock (_lock)
        {
            ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, topic, out var exists);
            _recent.Add((topic, position, exists ? last : -1));
            last = _recent.Count - 1;
        }
    }

    /// <summary>Writes the index for all events that the database has, in a transaction.</summary>
    public void Write(SqliteConnection connection)
    {
        // ROLLBACK: SQLite need not copy each page in order to undo this statement alone.
        _insert ??= new SqliteStatement(
            connection,
            "INSERT OR ROLLBACK INTO topic_positions (topic, position) " +
            "SELECT topic, position FROM events WHERE position > (SELECT indexed_to FROM journal) ORDER BY topic, position");
        _insert.Run();
        _update ??= new SqliteStatement(
            connection, "UPDATE journal SET indexed_to = coalesce((SELECT max(position) FROM events), indexed_to)");
        _update.Run();
        _isWritten = true;
    }

    /// <summary>Writes it before a commit, when many events wait or some were written in the transaction already.</summary>
    public void WriteWhenDue(SqliteConnection connection)
    {
        if (_isWritten || _recent.Count >= MostRecent) Write(connection);
    }

    /// <summary>What was added and written is committed.</summary>
    public void Commit()
    {
        lock (_lock)
        {
            if (_isWritten)
            {
                _recent.Clear();
                _last.Clear();
                _isWritten = false;
            }

            _committed = _recent.Count;
        }
    }

    /// <summary>What was added and written is undone.</summary>
    public void RollBack()
    {
        lock (_lock)
        {
            for (var i = _recent.Count - 1; i >= _committed; i--)
            {
                if (_recent[i].Before < 0) _last.Remove(_recent[i].Topic);
                else _last[_recent[i].Topic] = _recent[i].Before;
            }

            _recent.RemoveRange(_committed, _recent.Count - _committed);
            _isWritten = false;
        }
    }

    /// <summary>
    /// The positions up to another one of the topic's events that are not in the database's index yet, committed or not,
    /// rising. Some may be deleted. For the writer's thread.
    /// </summary>
    public IReadOnlyList<long> WrittenUpTo(UInt128 topic, long position)
    {
        lock (_lock)
        {
            if (_isWritten || !_last.TryGetValue(topic, out var last)) return [];

            var positions = new List<long>();
            for (var i = last; i >= 0; i = _recent[i].Before)
            {
                if (_recent[i].Position <= position) positions.Add(_recent[i].Position);
            }

            positions.Reverse();
            return positions;
        }
    }

    /// <summary>
    /// The position of the topic's last event, where it is committed and may not be in the database's index yet; 0: none.
    /// </summary>
    public long FindLast(UInt128 topic)
    {
        lock (_lock)
        {
            var last = LastCommitted(topic);
            return last < 0 ? 0 : _recent[last].Position;
        }
    }

    /// <summary>
    /// The positions behind another one of the topic's events that may not be in the database's index yet, rising. Some may be in it, and
    /// some may be deleted. Ask before the database: what is written meanwhile is seen twice rather than never.
    /// </summary>
    public IReadOnlyList<long> Behind(UInt128 topic, long after)
    {
        lock (_lock)
        {
            var last = LastCommitted(topic);
            if (last < 0) return [];

            var positions = new List<long>();
            for (var i = last; i >= 0 && _recent[i].Position > after; i = _recent[i].Before) positions.Add(_recent[i].Position);
            positions.Reverse();
            return positions;
        }
    }

    private int LastCommitted(UInt128 topic)
    {
        if (!_last.TryGetValue(topic, out var last)) return -1;
        while (last >= _committed) last = _recent[last].Before;
        return last;
    }
}
