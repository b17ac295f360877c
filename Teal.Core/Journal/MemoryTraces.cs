using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>
/// The topics of which nothing is kept any more, the longest forgotten first; at most <paramref name="most"/> of each kind.
/// </summary>
internal sealed class MemoryTraces(int most)
{
    private readonly Dictionary<EventKind, Queue<(MemoryTopic Topic, long Last)>> _traces = [];
    private readonly Dictionary<EventKind, long> _horizons = [];

    /// <summary>Topics up to this position may be forgotten.</summary>
    public long HorizonOf(EventKind kind) => _horizons.GetValueOrDefault(kind);

    /// <summary>Remembers a topic; returns one that is not remembered any more instead, if it has no events since.</summary>
    public MemoryTopic? Add(MemoryTopic topic)
    {
        var kind = topic.Topic.Kind;
        if (!_traces.TryGetValue(kind, out var traces)) _traces[kind] = traces = new Queue<(MemoryTopic, long)>();
        traces.Enqueue((topic, topic.Last));
        if (traces.Count <= most) return null;

        var (forgotten, last) = traces.Dequeue();
        if (forgotten.Last != last) return null;

        _horizons[kind] = Math.Max(HorizonOf(kind), last);
        return forgotten;
    }

    /// <summary>Takes a topic whose last event was up to that position, if it has none since; null: there is none.</summary>
    public MemoryTopic? TakeUpTo(long position)
    {
        foreach (var traces in _traces.Values)
        {
            while (traces.TryPeek(out var oldest) && oldest.Last <= position)
            {
                traces.Dequeue();
                if (oldest.Topic.Last == oldest.Last) return oldest.Topic;
            }
        }

        return null;
    }
}
