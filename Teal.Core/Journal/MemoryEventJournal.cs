using Teal.Core.Events;
using Teal.Core.States;

namespace Teal.Core.Journal;

/// <summary>Events in memory: replayed while the process lives, gone with it.</summary>
public sealed class MemoryEventJournal : IEventJournal, IJournalUsage, IExpirySweep
{
    // The objects around an event and its places, without the texts.
    private const int Overhead = 250;

    private readonly JournalOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<Topic, TopicEvents> _topics = [];
    private readonly long[] _events = new long[Enum.GetValues<EventKind>().Length];
    private readonly long[] _sizes = new long[Enum.GetValues<EventKind>().Length];
    private readonly long _created;
    private long _lastPosition;

    /// <summary>Makes an empty journal.</summary>
    public MemoryEventJournal(JournalOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _created = _lastPosition = JournalPosition.At(clock.GetUtcNow());
    }

    /// <inheritdoc/>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public JournalUsage Usage
    {
        get
        {
            lock (_lock) return new JournalUsage(_events.Sum(), _sizes.Sum());
        }
    }

    /// <inheritdoc/>
    public ValueTask<TealEvent> AppendAsync(TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken)
    {
        var kind = (int)@event.Topic.Kind;
        var size = SizeOf(@event);
        lock (_lock)
        {
            if (@event.Topic.Kind != EventKind.Callback && IsOver(kind, size)) ForgetOldest(@event.Topic.Kind);
            if (_events[kind] >= _options.MaximumEvents) throw JournalFullException.TooMany();
            if (_sizes[kind] + size > _options.MaximumMemory) throw JournalFullException.TooBig(nameof(JournalOptions.MaximumMemory));

            if (!_topics.TryGetValue(@event.Topic, out var topic)) _topics.Add(@event.Topic, topic = new TopicEvents());
            while (topic.Events.Count >= _options.MaximumEventsPerTopic) Forget(@event.Topic, topic);

            _lastPosition = Math.Max(_lastPosition + 1, JournalPosition.At(_clock.GetUtcNow()));
            var placed = @event with { Place = new EventPlace(Id, _lastPosition, topic.Last) };
            topic.Last = _lastPosition;
            topic.Events.Enqueue((placed, retention.Until));
            _events[kind]++;
            _sizes[kind] += size;

            // Under the lock, for the order.
            kept(placed);
            return ValueTask.FromResult(placed);
        }
    }

    /// <inheritdoc/>
    public ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken)
    {
        lock (_lock) return ValueTask.FromResult(_topics.TryGetValue(topic, out var found) ? found.Last : Horizon());
    }

    /// <inheritdoc/>
    public ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_topics.TryGetValue(topic, out var found)) return ValueTask.FromResult(new JournalPage([], 0, Horizon()));

            var events = found.Last <= after ? [] : found.Events.Select(static entry => entry.Event).SkipWhile(kept => kept.Place.Position <= after).Take(limit).ToArray();
            return ValueTask.FromResult(new JournalPage(events, found.Last, Horizon()));
        }
    }

    /// <inheritdoc/>
    public ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_topics.TryGetValue(topic, out var found))
            {
                for (var i = found.Events.Count; i > 0; i--) found.Events.Enqueue((found.Events.Dequeue().Event, keepUntil));
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(Topic topic, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_topics.TryGetValue(topic, out var found))
            {
                while (found.Events.Count > 0) Forget(topic, found);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        Topic[] topics;
        lock (_lock) topics = [.. _topics.Keys];

        var swept = 0;
        foreach (var topic in topics)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_lock) swept += Sweep(topic);
        }

        return ValueTask.FromResult(swept);
    }

    private int Sweep(Topic topic)
    {
        if (!_topics.TryGetValue(topic, out var found)) return 0;

        var now = _clock.GetUtcNow().UtcDateTime;
        var swept = 0;
        while (found.Events.TryPeek(out var oldest) && oldest.KeepUntil <= now)
        {
            Forget(topic, found);
            swept++;
        }

        if (found.Events.Count == 0 && found.Last <= Horizon()) _topics.Remove(topic);
        return swept;
    }

    private bool IsOver(int kind, long size) => _events[kind] >= _options.MaximumEvents || _sizes[kind] + size > _options.MaximumMemory;

    // The older half at once: looking for it takes long.
    private void ForgetOldest(EventKind kind)
    {
        var topics = _topics.Where(entry => entry.Key.Kind == kind).ToArray();
        var positions = topics.SelectMany(static entry => entry.Value.Events).Select(static kept => kept.Event.Place.Position).Order().ToArray();
        var middle = positions.Length == 0 ? 0 : positions[positions.Length / 2];
        foreach (var (topic, events) in topics)
        {
            while (events.Events.TryPeek(out var oldest) && oldest.Event.Place.Position <= middle) Forget(topic, events);
        }
    }

    private void Forget(Topic topic, TopicEvents events)
    {
        var (forgotten, _) = events.Events.Dequeue();
        _events[(int)topic.Kind]--;
        _sizes[(int)topic.Kind] -= SizeOf(forgotten);
    }

    private long Horizon() => Math.Max(_created, JournalPosition.At(_clock.GetUtcNow() - _options.TraceRetention));

    private static long SizeOf(TealEvent @event) => Overhead + @event.Size;

    private sealed class TopicEvents
    {
        public Queue<(TealEvent Event, DateTime KeepUntil)> Events { get; } = new(1);

        public long Last { get; set; }
    }
}
