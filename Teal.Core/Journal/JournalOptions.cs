using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>How long events are kept, and how many (specification 7).</summary>
public sealed class JournalOptions
{
    /// <summary>
    /// By kind, how long an event is kept where no state says it: those of a stored state that expires are kept as long as it lives.
    /// Default, for a kind that is missing: <see cref="EventKind.DefaultRetention"/>.
    /// </summary>
    public Dictionary<EventKind, TimeSpan> Retention { get; } = [];

    /// <summary>How many events a topic keeps; a further one has it forget its oldest. Default 10,000.</summary>
    public int MaximumEventsPerTopic { get; set; } = 10_000;

    /// <summary>The same in bytes. The newest event is kept whatever its size. Default 64 MiB.</summary>
    public long MaximumSizePerTopic { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many events a room keeps (specification 7.1); each kind has one, and two are <see cref="UnclaimedSize"/> and
    /// <see cref="FreestandingSize"/> large. Default 5,000,000. A further one has the topic that takes most of that room
    /// forget its oldest, so that a flood keeps no later event out.
    /// </summary>
    public long MaximumEvents { get; set; } = 5_000_000;

    /// <summary>The same in bytes, for a kind's room in the embedded store. Default 2,047 MiB.</summary>
    public long MaximumSize { get; set; } = 2047L * 1024 * 1024;

    /// <summary>The same for the memory store. Default 128 MiB.</summary>
    public long MaximumMemory { get; set; } = 128 * 1024 * 1024;

    /// <summary>The same for Redis. Default 512 MiB.</summary>
    public long MaximumRedisMemory { get; set; } = 512 * 1024 * 1024;

    /// <summary>
    /// How many bytes the events of all topics take together that nobody created, configured or registered for; whoever can
    /// reach the listener can send such. Default 32 MiB.
    /// </summary>
    public long UnclaimedSize { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// How many bytes the callbacks of states take together that say themselves where they lead, and that somebody registered
    /// for. Default 64 MiB.
    /// </summary>
    public long FreestandingSize { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many topics of a kind are remembered of which nothing is kept any more, at most. Default 1,000,000. Of further ones
    /// it is only known that they may have had events.
    /// </summary>
    public int MaximumTraces { get; set; } = 1_000_000;

    /// <summary>How long the journal remembers, behind an event's end, that there was one. Default 7 days.</summary>
    public TimeSpan TraceRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long an event of the kind is kept where no state says it.</summary>
    public TimeSpan RetentionOf(EventKind kind) => Retention.GetValueOrDefault(kind, kind.DefaultRetention);
}
