using Teal.Core.Events;
using Teal.Core.Hosting;

namespace Teal.Core.Journal;

/// <summary>Events in memory: replayed while the process lives, gone with it.</summary>
public sealed class MemoryEventJournal : IEventJournal, IJournalUsage, IJournalPurge, IExpirySweep
{
    // The objects around an event and its places, without the texts.
    private const int Overhead = 250;

    // How many topics are looked at before others have their turn.
    private const int SweepStep = 256;

    private readonly JournalOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<Topic, MemoryTopic> _topics = [];
    private readonly JournalRooms<MemoryTopic> _rooms;
    private readonly SortedSet<MemoryTopic> _due = new(MemoryTopic.ByDue);
    private readonly MemoryTraces _traces;
    private readonly KeptEvents _kept;
    private readonly MemoryClaims _claims;
    private readonly long _created;
    private long _lastPosition;
    private long _topicNumber;

    /// <summary>Makes an empty journal.</summary>
    public MemoryEventJournal(JournalOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        _rooms = new JournalRooms<MemoryTopic>(options, options.MaximumMemory);
        _traces = new MemoryTraces(options.MaximumTraces);
        _claims = new MemoryClaims(options);
        _kept = new KeptEvents(_lock);
        _created = _lastPosition = JournalPosition.At(clock.GetUtcNow());
    }

    /// <inheritdoc/>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public JournalUsage Usage
    {
        get
        {
            lock (_lock) return _rooms.Total;
        }
    }

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    /// <inheritdoc/>
    public ValueTask<TealEvent> AppendAsync(
        TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken)
    {
        TealEvent placed;
        lock (_lock)
        {
            var topic = FindOrAdd(@event.Topic, retention.IsInvited);
            _lastPosition = Math.Max(_lastPosition + 1, JournalPosition.At(_clock.GetUtcNow()));
            placed = @event with { Place = new EventPlace(Id, _lastPosition, topic.Last) };
            topic.Add(placed, retention.Until);
            _rooms.Add(topic, SizeOf(placed));
            Schedule(topic);
            while (_rooms.FindOver(topic) is { } over) ForgetOldest(over);
            if (_kept.Enter(placed, kept) is { } told) return new ValueTask<TealEvent>(told);
        }

        _kept.Tell(placed, kept);
        return ValueTask.FromResult(placed);
    }

    /// <inheritdoc/>
    public ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _claims.Add(topic, Now);
            if (_topics.TryGetValue(topic, out var found) && found.Room == JournalRoom.Unclaimed)
                _rooms.Move(found, JournalRoom.Of(topic.Kind, isInvited: false, isClaimed: true));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_topics.TryGetValue(topic, out var found)) return ValueTask.FromResult(found.Last);

            // The next position is a higher one, also where the clock goes back.
            return ValueTask.FromResult(_lastPosition = Math.Max(_lastPosition, JournalPosition.At(_clock.GetUtcNow()) - 1));
        }
    }

    /// <inheritdoc/>
    public ValueTask<string?> FindOwnerAsync(Topic topic, CancellationToken cancellationToken)
    {
        lock (_lock) return ValueTask.FromResult(_topics.GetValueOrDefault(topic)?.LastOwner);
    }

    /// <inheritdoc/>
    public ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, int size, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var found = _topics.GetValueOrDefault(topic);
            return ValueTask.FromResult(
                new JournalPage(found?.ReadBehind(after, limit, size) ?? [], found?.Last ?? 0, Horizon(topic.Kind)));
        }
    }

    /// <inheritdoc/>
    public ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_topics.TryGetValue(topic, out var found))
            {
                found.KeepUntil(keepUntil);
                Schedule(found);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<int> DeleteAsync(Topic topic, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_topics.TryGetValue(topic, out var found) || found.Events == 0) return ValueTask.FromResult(0);

            var deleted = found.Events;
            _rooms.Clear(found);
            found.Clear();
            LeaveTrace(found);
            return ValueTask.FromResult(deleted);
        }
    }

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(CancellationToken cancellationToken)
    {
        Topic[] topics;
        lock (_lock) topics = [.. _topics.Keys];
        var purged = 0L;
        foreach (var topic in topics) purged += await DeleteAsync(topic, cancellationToken);
        return purged;
    }

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(Topic topic, CancellationToken cancellationToken) => await DeleteAsync(topic, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        var (swept, hasMore) = (0, true);
        while (hasMore)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_lock) hasMore = SweepSome(ref swept);
        }

        return ValueTask.FromResult(swept);
    }

    private bool SweepSome(ref int swept)
    {
        var now = Now;
        for (var i = 0; i < SweepStep; i++)
        {
            if (_due.Min is not { } topic || topic.Due > now)
            {
                _claims.End(now);
                ForgetTraces(JournalPosition.At(_clock.GetUtcNow() - _options.TraceRetention));
                return false;
            }

            while (topic.End is { } end && end <= now)
            {
                ForgetOldest(topic);
                swept++;
            }

            if (topic.End is not null) Reschedule(topic);
        }

        return true;
    }

    // A topic with events is looked at when its oldest event ends, or earlier.
    private void Schedule(MemoryTopic topic)
    {
        if (topic.Due is null || topic.End < topic.Due) Reschedule(topic);
    }

    private void Reschedule(MemoryTopic topic)
    {
        if (topic.Due is not null) _due.Remove(topic);
        topic.Due = topic.End;
        if (topic.Due is not null) _due.Add(topic);
    }

    private MemoryTopic FindOrAdd(Topic topic, bool isInvited)
    {
        if (!_topics.TryGetValue(topic, out var found)) _topics.Add(topic, found = new MemoryTopic(topic, ++_topicNumber));
        if (found.Events > 0 && found.Room != JournalRoom.Unclaimed && (!isInvited || found.Room != JournalRoom.Freestanding)) return found;

        var isClaimed = !isInvited && _claims.Has(topic, Now);
        var room = JournalRoom.Of(topic.Kind, isInvited, isClaimed);
        if (found.Room != room) _rooms.Move(found, room);
        return found;
    }

    private void ForgetOldest(MemoryTopic topic)
    {
        _rooms.Remove(topic, SizeOf(topic.TakeOldest()));
        if (topic.Events == 0) LeaveTrace(topic);
    }

    // Nobody can have been somewhere in a topic that nobody claimed.
    private void LeaveTrace(MemoryTopic topic)
    {
        Reschedule(topic);
        if (topic.Room == JournalRoom.Unclaimed) _topics.Remove(topic.Topic);
        else if (_traces.Add(topic) is { Events: 0 } forgotten) _topics.Remove(forgotten.Topic);
    }

    private void ForgetTraces(long upTo)
    {
        while (_traces.TakeUpTo(upTo) is { } trace)
        {
            if (trace.Events == 0) _topics.Remove(trace.Topic);
        }
    }

    private long Horizon(EventKind kind) =>
        Math.Max(Math.Max(_created, _traces.HorizonOf(kind)), JournalPosition.At(_clock.GetUtcNow() - _options.TraceRetention));

    private static long SizeOf(TealEvent @event) => Overhead + @event.Size;
}
