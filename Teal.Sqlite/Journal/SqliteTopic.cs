using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.Sqlite.Journal;

/// <summary>A topic that has events in the database. Changed on the writer's thread only, through <see cref="SqliteTopics"/>.</summary>
internal sealed class SqliteTopic(byte[] hash, EventKind kind) : RoomTopic
{
    /// <summary>What stands for it in the database.</summary>
    public byte[] Hash => hash;

    /// <summary>The same as a key.</summary>
    public UInt128 Key { get; } = TopicHash.ToKey(hash);

    /// <summary>The kind of its events.</summary>
    public EventKind Kind => kind;

    /// <summary>The position of the last event that it ever had.</summary>
    public long Last { get; set; }

    /// <summary>Whose that one was, as that is written.</summary>
    public byte[]? LastOwner { get; set; }

    /// <summary>What was said of all its events at once.</summary>
    public TopicEnd End { get; set; }
}
