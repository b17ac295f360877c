using System.Collections.Concurrent;
using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.Sqlite.Journal;

/// <summary>
/// The topics that have events in the database, and the rooms that they are counted in. All of it is in memory: what takes
/// most is found at once, and an event needs no look into the database. Changed on the writer's thread, in its transactions;
/// what is undone there is undone here. Others see what is committed.
/// </summary>
internal sealed class SqliteTopics(JournalOptions options)
{
    private readonly Dictionary<UInt128, SqliteTopic> _topics = [];
    private readonly JournalRooms<SqliteTopic> _rooms = new(options, options.MaximumSize);

    // What the transaction changed.
    private readonly List<Change> _changes = [];

    // Of topics whose events are not all deleted yet.
    private readonly ConcurrentDictionary<UInt128, long> _deletedTo = new();
    private readonly Lock _lock = new();
    private JournalUsage _committed;

    /// <summary>What is committed, for any thread.</summary>
    public JournalUsage Usage
    {
        get
        {
            lock (_lock) return _committed;
        }
    }

    /// <summary>Up to where the topic's events are deleted, committed and not cleaned up yet, for any thread; 0: nothing is.</summary>
    public long DeletedTo(UInt128 key) => !_deletedTo.IsEmpty && _deletedTo.TryGetValue(key, out var position) ? position : 0;

    /// <summary>The topics whose events are not all deleted yet; before the writer is used.</summary>
    public IEnumerable<SqliteTopic> Deleted => _topics.Values.Where(static topic => topic.End.DeletedTo > 0).ToArray();

    /// <summary>A topic that has events; null: it has none.</summary>
    public SqliteTopic? Find(UInt128 key) => _topics.GetValueOrDefault(key);

    /// <summary>Adds a topic, which gets its first event now.</summary>
    public SqliteTopic Add(byte[] hash, EventKind kind, JournalRoom room, long last)
    {
        var topic = new SqliteTopic(hash, kind) { Last = last };
        _rooms.Move(topic, room);
        _topics.Add(topic.Key, topic);
        _changes.Add(new Change(topic, 0, 0, room, last, null, default) { IsNew = true });
        return topic;
    }

    /// <summary>Counts an event more.</summary>
    public void AddEvent(SqliteTopic topic, long position, byte[]? owner, long size)
    {
        Note(topic, 1, size);
        (topic.Last, topic.LastOwner) = (position, owner);
        _rooms.Add(topic, size);
    }

    /// <summary>Counts an event less. A topic without any is forgotten.</summary>
    public void RemoveEvent(SqliteTopic topic, long size)
    {
        Note(topic, -1, -size);
        _rooms.Remove(topic, size);
        if (topic.Events == 0) _topics.Remove(topic.Key);
    }

    /// <summary>Has its events counted in another room.</summary>
    public void Move(SqliteTopic topic, JournalRoom room)
    {
        if (topic.Room == room) return;

        Note(topic, 0, 0);
        _rooms.Move(topic, room);
    }

    /// <summary>Says something of all its events at once.</summary>
    public void SetEnd(SqliteTopic topic, TopicEnd end)
    {
        Note(topic, 0, 0);
        topic.End = end;
    }

    /// <summary>The topic that has to forget its oldest event now (<see cref="JournalRooms{T}.FindOver"/>).</summary>
    public SqliteTopic? FindOver(SqliteTopic latest) => _rooms.FindOver(latest);

    /// <summary>What was changed is committed.</summary>
    public void Commit()
    {
        foreach (var change in _changes)
        {
            var deletedTo = change.Topic.End.DeletedTo;
            if (deletedTo == change.End.DeletedTo) continue;
            if (deletedTo == 0) _deletedTo.TryRemove(change.Topic.Key, out _);
            else _deletedTo[change.Topic.Key] = deletedTo;
        }

        _changes.Clear();
        lock (_lock) _committed = _rooms.Total;
    }

    /// <summary>What was changed is undone.</summary>
    public void RollBack()
    {
        for (var i = _changes.Count - 1; i >= 0; i--)
        {
            var change = _changes[i];
            var topic = change.Topic;
            if (change.Events > 0) _rooms.Remove(topic, change.Size);
            if (change.Events < 0) _rooms.Add(topic, -change.Size);
            if (change.Room != topic.Room) _rooms.Move(topic, change.Room);
            (topic.Last, topic.LastOwner, topic.End) = (change.Last, change.LastOwner, change.End);
            if (change.IsNew) _topics.Remove(topic.Key);
            else if (topic.Events > 0) _topics[topic.Key] = topic;
        }

        _changes.Clear();
    }

    private void Note(SqliteTopic topic, int events, long size) =>
        _changes.Add(new Change(topic, events, size, topic.Room, topic.Last, topic.LastOwner, topic.End));

    // As it was before, and what was counted.
    private readonly record struct Change(
        SqliteTopic Topic, int Events, long Size, JournalRoom Room, long Last, byte[]? LastOwner, TopicEnd End)
    {
        public bool IsNew { get; init; }
    }
}
