using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>The topics that somebody waits for, each for as long as its events are kept. Whoever has it sees to its threads.</summary>
internal sealed class MemoryClaims(JournalOptions options)
{
    private readonly Dictionary<Topic, DateTime> _claims = [];
    private readonly Queue<(Topic Topic, DateTime Until)> _ends = new();

    /// <summary>Whether somebody waits for a topic.</summary>
    public bool Has(Topic topic, DateTime now) => _claims.TryGetValue(topic, out var until) && until > now;

    /// <summary>
    /// Somebody waits for a topic from now on. A claim that lasts for long is not renewed, so that each is in the queue twice at most; the
    /// oldest make room.
    /// </summary>
    public void Add(Topic topic, DateTime now)
    {
        var retention = options.RetentionOf(topic.Kind);
        if (_claims.TryGetValue(topic, out var known) && known > now + (retention / 2)) return;

        _claims[topic] = now + retention;
        _ends.Enqueue((topic, now + retention));
        while (_ends.Count > options.MaximumTraces) EndOldest();
    }

    /// <summary>Forgets those whose time is over.</summary>
    public void End(DateTime now)
    {
        while (_ends.TryPeek(out var oldest) && oldest.Until <= now) EndOldest();
    }

    // Unless it was renewed.
    private void EndOldest()
    {
        var (topic, until) = _ends.Dequeue();
        if (_claims.TryGetValue(topic, out var known) && known == until) _claims.Remove(topic);
    }
}
