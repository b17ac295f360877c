namespace Teal.Core.Journal;

/// <summary>A topic as <see cref="JournalRooms{T}"/> sees it: what it takes, and its place in the order of those that take most.</summary>
public abstract class RoomTopic
{
    /// <summary>The room that its events are counted in.</summary>
    public JournalRoom Room { get; internal set; }

    /// <summary>How many events it has there.</summary>
    public int Events { get; internal set; }

    /// <summary>How many bytes they take.</summary>
    public long Size { get; internal set; }

    // Its list; -1: it is in none, as it has no events.
    internal int Class { get; set; } = -1;

    internal RoomTopic? Before { get; set; }

    internal RoomTopic? After { get; set; }
}
