using System.Numerics;

namespace Teal.Core.Journal;

/// <summary>
/// What a journal holds, room by room, and which topic of a room takes most. Each call costs the same, whatever is held. For
/// one thread at a time.
/// </summary>
/// <typeparam name="T">The journal's own topics.</typeparam>
public sealed class JournalRooms<T> where T : RoomTopic
{
    private readonly JournalOptions _options;
    private readonly long _kindSize;
    private readonly Room?[] _rooms = new Room?[byte.MaxValue + 1];

    /// <summary>Makes them empty.</summary>
    /// <param name="options">The bounds.</param>
    /// <param name="kindSize">How many bytes a kind's room has.</param>
    public JournalRooms(JournalOptions options, long kindSize)
    {
        _options = options;
        _kindSize = kindSize;
    }

    /// <summary>Of all rooms.</summary>
    public JournalUsage Total => new(_rooms.Sum(static room => room?.Events ?? 0), _rooms.Sum(static room => room?.Size ?? 0));

    /// <summary>Counts an event more of the topic, which becomes the one that was used last.</summary>
    public void Add(T topic, long size) => Find(topic.Room).Change(topic, 1, size);

    /// <summary>Counts an event less.</summary>
    public void Remove(T topic, long size) => Find(topic.Room).Change(topic, -1, -size);

    /// <summary>Counts all of the topic's events less.</summary>
    public void Clear(T topic) => Find(topic.Room).Change(topic, -topic.Events, -topic.Size);

    /// <summary>What a room holds.</summary>
    public JournalUsage Of(JournalRoom room) => new(Find(room).Events, Find(room).Size);

    /// <summary>Has the topic's events counted in another room from now on.</summary>
    public void Move(T topic, JournalRoom room)
    {
        var (events, size) = (topic.Events, topic.Size);
        Find(topic.Room).Change(topic, -events, -size);
        topic.Room = room;
        Find(room).Change(topic, events, size);
    }

    /// <summary>
    /// The topic that has to forget its oldest event now, because it has more than its share, or because its room is too small and it takes
    /// most of it, to within an eighth; of several the one that was used the longest time ago. Null: all fits.
    /// </summary>
    /// <param name="latest">The topic that an event was just added to, which is not the one to be forgotten.</param>
    public T? FindOver(T latest)
    {
        var hasOlder = latest.Events > 1;
        if (hasOlder && (latest.Events > _options.MaximumEventsPerTopic || latest.Size > _options.MaximumSizePerTopic)) return latest;

        var room = Find(latest.Room);
        return room.IsOver ? (T?)room.FindLargest(hasOlder ? null : latest) : null;
    }

    private Room Find(JournalRoom room) => _rooms[room.Number] ??= new Room(_options.MaximumEvents, SizeOf(room));

    private long SizeOf(JournalRoom room) =>
        room == JournalRoom.Freestanding ? Math.Min(_options.FreestandingSize, _kindSize)
        : room == JournalRoom.Unclaimed ? Math.Min(_options.UnclaimedSize, _kindSize)
        : _kindSize;

    private sealed class Room(long mostEvents, long mostBytes)
    {
        // Sizes from 2^k on are told apart in eighths of 2^k.
        private const int StepBits = 3;
        private const int Classes = (64 - StepBits) << StepBits;

        // A room can be full of events as well as of bytes: this many bytes count as an event.
        private readonly long _bytesPerEvent = Math.Max(1, mostBytes / mostEvents);
        private readonly RoomTopic?[] _first = new RoomTopic?[Classes];
        private readonly RoomTopic?[] _last = new RoomTopic?[Classes];

        // No list above has a topic.
        private int _top;

        public long Events { get; private set; }

        public long Size { get; private set; }

        public bool IsOver => Events > mostEvents || Size > mostBytes;

        public void Change(RoomTopic topic, int events, long size)
        {
            Events += events;
            Size += size;
            topic.Events += events;
            topic.Size += size;

            var next = topic.Events == 0 ? -1 : ClassOf(Math.Max(topic.Size, topic.Events * _bytesPerEvent));
            if (next == topic.Class && (events < 0 || topic.After is null)) return;

            if (topic.Class >= 0) Leave(topic);
            topic.Class = next;
            if (next >= 0) Join(topic);
        }

        public RoomTopic? FindLargest(RoomTopic? except)
        {
            while (_top > 0 && _first[_top] is null) _top--;
            for (var i = _top; i >= 0; i--)
            {
                var found = _first[i] == except ? _first[i]?.After : _first[i];
                if (found is not null) return found;
            }

            return null;
        }

        private static int ClassOf(long rank)
        {
            var power = BitOperations.Log2((ulong)rank);
            return power < StepBits
                ? (int)rank
                : ((power - StepBits + 1) << StepBits) + (int)((rank >> (power - StepBits)) & ((1 << StepBits) - 1));
        }

        private void Join(RoomTopic topic)
        {
            ref var last = ref _last[topic.Class];
            topic.Before = last;
            topic.After = null;
            if (last is null) _first[topic.Class] = topic;
            else last.After = topic;
            last = topic;
            _top = Math.Max(_top, topic.Class);
        }

        private void Leave(RoomTopic topic)
        {
            if (topic.Before is null) _first[topic.Class] = topic.After;
            else topic.Before.After = topic.After;
            if (topic.After is null) _last[topic.Class] = topic.Before;
            else topic.After.Before = topic.Before;
            (topic.Before, topic.After) = (null, null);
        }
    }
}
