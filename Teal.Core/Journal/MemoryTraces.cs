using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>The topics of which nothing is kept any more, the longest forgotten first; at most <paramref name="most"/> of each kind.</summary>
internal sealed class MemoryTraces(int most)
{
    private readonly Queue<(MemoryTopic Topic, long Last)>[] _traces = [.. Enum.GetValues<EventKind>().Select(static _ => new Queue<(MemoryTopic, long)>())];
    private readonly long[] _horizons = new long[Enum.GetValues<EventKind>().Length];

    /// <summary>Topics up to this position may be forgotten.</summary>
    public long HorizonOf(EventKind kind) => _horizons[(int)kind];

    /// <summary>Remembers a topic; returns one that is not remembered any more instead, if it has no events since.</summary>
    public MemoryTopic? Add(MemoryTopic topic)
    {
        var traces = _traces[(int)topic.Topic.Kind];
        traces.Enqueue((topic, topic.Last));
        if (traces.Count <= most) return null;

        var (forgotten, last) = traces.Dequeue();
        if (forgotten.Last != last) return null;

        ref var horizon = ref _horizons[(int)topic.Topic.Kind];
        horizon = Math.Max(horizon, last);
        return forgotten;
    }

    /// <summary>Takes a topic whose last event was up to that position, if it has none since; null: there is none.</summary>
    public MemoryTopic? TakeUpTo(long position)
    {
        foreach (var traces in _traces)
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
