using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>A topic of the <see cref="MemoryEventJournal"/>: its events, or the trace that it had some.</summary>
internal sealed class MemoryTopic(Topic topic, long number) : RoomTopic
{
    /// <summary>The order in which the sweep looks at them.</summary>
    public static readonly IComparer<MemoryTopic> ByDue = Comparer<MemoryTopic>.Create(
        static (one, other) => one.Due != other.Due ? Nullable.Compare(one.Due, other.Due) : one._number.CompareTo(other._number));

    // Tells those apart that are due at once.
    private readonly long _number = number;

    private Queue<(TealEvent Event, DateTime KeepUntil)> _events = new(1);

    // Events up to this position are kept until another time than their own.
    private long _movedTo;
    private DateTime _movedEnd;

    public Topic Topic => topic;

    /// <summary>The position of the last event that it ever had.</summary>
    public long Last { get; private set; }

    /// <summary>When the sweep looks at it next; null: never, as it has no events.</summary>
    public DateTime? Due { get; set; }

    /// <summary>Its events, in order.</summary>
    public IEnumerable<TealEvent> Kept => _events.Select(static entry => entry.Event);

    /// <summary>When its oldest event may be forgotten; null: it has none.</summary>
    public DateTime? End => _events.TryPeek(out var oldest) ? oldest.Event.Place.Position <= _movedTo ? _movedEnd : oldest.KeepUntil : null;

    public void Add(TealEvent placed, DateTime keepUntil)
    {
        _events.Enqueue((placed, keepUntil));
        Last = placed.Place.Position;
    }

    public TealEvent TakeOldest() => _events.Dequeue().Event;

    public void KeepUntil(DateTime end) => (_movedTo, _movedEnd) = (Last, end);

    public void Clear() => _events = new(1);
}
