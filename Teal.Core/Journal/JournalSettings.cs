using Teal.Core.Configuration;
using Teal.Core.Events;
using Teal.Core.Kinds;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Core.Journal;

/// <summary>The settings of <see cref="JournalOptions"/>, under <c>Teal:Journal</c>.</summary>
public static class JournalSettings
{
    // Of kinds that had a key of their own each; a further kind needs none.
    private static readonly Dictionary<EventKind, string> FormerKeys = new()
    {
        [EventKinds.Callback] = "Journal:CallbackRetention",
        [EventKinds.OpenIdCibaCallback] = "Journal:OpenIdCibaRetention",
        [EventKinds.PowensDomain] = "Journal:PowensRetention",
    };

    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<JournalOptions>> All =
    [
        .. EventKinds.All.Select(Retention),
        new("Journal:TraceRetention", "7 days", "how long it is remembered, behind an event's end, that there was one",
            Duration<JournalOptions>(Second, 36500 * Day, o => o.TraceRetention, (o, v) => o.TraceRetention = v)),
        new("Journal:MaximumEventsPerTopic", "1000", "how many events a topic keeps; a further one has it forget its oldest",
            Count<JournalOptions>(1, 10_000_000, o => o.MaximumEventsPerTopic, (o, v) => o.MaximumEventsPerTopic = v)),
        new("Journal:MaximumSizePerTopic", "16 MiB", "the same by size",
            Size<JournalOptions>(1024, int.MaxValue, o => o.MaximumSizePerTopic, (o, v) => o.MaximumSizePerTopic = v)),
        new("Journal:MaximumEvents", "5000000",
            "how many events of each kind are kept; then the topic that takes most forgets its oldest",
            Count<JournalOptions>(1, int.MaxValue, o => o.MaximumEvents, (o, v) => o.MaximumEvents = v)),
        new("Journal:MaximumSize", "500 MiB", "the same by size, in the embedded store",
            Size<JournalOptions>(1024 * 1024, int.MaxValue, o => o.MaximumSize, (o, v) => o.MaximumSize = v)),
        new("Journal:MaximumMemory", "128 MiB", "the same by size, in the memory store",
            Size<JournalOptions>(1024 * 1024, int.MaxValue, o => o.MaximumMemory, (o, v) => o.MaximumMemory = v)),
        new("Journal:MaximumRedisMemory", "512 MiB", "the same by size, in Redis",
            Size<JournalOptions>(1024 * 1024, int.MaxValue, o => o.MaximumRedisMemory, (o, v) => o.MaximumRedisMemory = v)),
        new("Journal:UnclaimedSize", "32 MiB",
            "how much the events take together that nobody created a state, configured a secret or registered for",
            Size<JournalOptions>(64 * 1024, int.MaxValue, o => o.UnclaimedSize, (o, v) => o.UnclaimedSize = v)),
        new("Journal:FreestandingSize", "64 MiB",
            "how much the callbacks take together whose states say themselves where they lead, and that somebody registered for",
            Size<JournalOptions>(64 * 1024, int.MaxValue, o => o.FreestandingSize, (o, v) => o.FreestandingSize = v)),
        new("Journal:MaximumTraces", "1000000", "how many topics of each kind are remembered whose events are not kept any more",
            Count<JournalOptions>(1, int.MaxValue, o => o.MaximumTraces, (o, v) => o.MaximumTraces = v)),
    ];

    private static Setting<JournalOptions> Retention(EventKind kind)
    {
        var meaning = $"how long {kind.Noun} is kept";
        if (kind.HasStates) meaning += " whose state is not stored or never expires; others are kept as long as their state lives";
        var type = Duration<JournalOptions>(Second, 36500 * Day, o => o.RetentionOf(kind), (o, v) => o.Retention[kind] = v);
        return new Setting<JournalOptions>($"Journal:Retention:{kind.TopicType}", "1 day", meaning, type)
        {
            FormerKeys = FormerKeys.TryGetValue(kind, out var key) ? [key] : [],
        };
    }
}
