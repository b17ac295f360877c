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

    // What was forgotten stands in front until it is half of them, so that the others can be searched by their positions.
    private List<(TealEvent Event, DateTime KeepUntil)> _events = new(1);
    private int _forgotten;

    // Events up to this position are kept until another time than their own.
    private long _movedTo;
    private DateTime _movedEnd;

    public Topic Topic => topic;

    /// <summary>The position of the last event that it ever had.</summary>
    public long Last { get; private set; }

    /// <summary>Whose that one was; null: nobody's.</summary>
    public string? LastOwner { get; private set; }

    /// <summary>When the sweep looks at it next; null: never, as it has no events.</summary>
    public DateTime? Due { get; set; }

    /// <summary>When its oldest event may be forgotten; null: it has none.</summary>
    public DateTime? End =>
        _events.Count == 0 ? null : _events[_forgotten].Event.Place.Position <= _movedTo ? _movedEnd : _events[_forgotten].KeepUntil;

    public void Add(TealEvent placed, DateTime keepUntil)
    {
        _events.Add((placed, keepUntil));
        Last = placed.Place.Position;
        LastOwner = placed.Owner;
    }

    public TealEvent TakeOldest()
    {
        var oldest = _events[_forgotten].Event;
        _events[_forgotten++] = default;
        if (_forgotten * 2 >= _events.Count)
        {
            _events.RemoveRange(0, _forgotten);
            _forgotten = 0;
        }

        return oldest;
    }

    /// <summary>The first events behind a position, at most so many, and so many bytes, of which the last one may take more.</summary>
    public List<TealEvent> ReadBehind(long position, int limit, int size)
    {
        var events = new List<TealEvent>();
        for (var i = FirstBehind(position); i < _events.Count && events.Count < limit && size > 0; i++)
        {
            events.Add(_events[i].Event);
            size -= _events[i].Event.Size;
        }

        return events;
    }

    public void KeepUntil(DateTime end) => (_movedTo, _movedEnd) = (Last, end);

    public void Clear() => (_events, _forgotten) = (new(1), 0);

    private int FirstBehind(long position)
    {
        var (low, high) = (_forgotten, _events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_events[middle].Event.Place.Position > position) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
