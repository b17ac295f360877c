using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.Dispatcher.Registrations;

/// <summary>The topics that somebody is registered for, or was a moment ago.</summary>
internal sealed class TopicTable
{
    private readonly ConcurrentDictionary<Topic, TopicRegistrations> _topics = new();

    // The same topics by what stands for them in a journal that several processes share.
    private readonly ConcurrentDictionary<UInt128, Topic> _hashes = new();

    /// <summary>How many there are.</summary>
    public int Count => _topics.Count;

    /// <summary>All of them; who comes or goes meanwhile may be missing.</summary>
    public IEnumerable<TopicRegistrations> All => _topics.Select(static entry => entry.Value);

    /// <summary>Finds a topic's registrations.</summary>
    public bool TryFind(Topic topic, [MaybeNullWhen(false)] out TopicRegistrations entry) => _topics.TryGetValue(topic, out entry);

    /// <summary>Finds a topic by what stands for it in the journal.</summary>
    public bool TryFind(UInt128 hash, out Topic topic) => _hashes.TryGetValue(hash, out topic);

    /// <summary>A topic's registrations; a new object where there are none.</summary>
    public TopicRegistrations FindOrAdd(Topic topic) => _topics.GetOrAdd(topic, static topic => new TopicRegistrations(topic));

    /// <summary>Has a topic found by what stands for it in the journal. Under its lock, before its first registration.</summary>
    public void Index(TopicRegistrations entry) => _hashes[HashOf(entry)] = entry.Topic;

    /// <summary>Takes a topic out. Under its lock.</summary>
    public void Forget(TopicRegistrations entry)
    {
        entry.IsRemoved = true;
        _hashes.TryRemove(HashOf(entry), out _);
        _topics.TryRemove(new(entry.Topic, entry));
    }

    private static UInt128 HashOf(TopicRegistrations entry) => TopicHash.ToKey(TopicHash.Of(entry.Topic));
}
