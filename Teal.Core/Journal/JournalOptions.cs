using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>How long events are kept, and how many (specification 7).</summary>
public sealed class JournalOptions
{
    /// <summary>
    /// How long a callback is kept whose state is not stored, or never expires; others are kept as long as their state lives. Default
    /// 7 days.
    /// </summary>
    public TimeSpan CallbackRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long an OpenID CIBA notification is kept. Default 7 days.</summary>
    public TimeSpan OpenIdCibaRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a Powens webhook is kept. Default 7 days.</summary>
    public TimeSpan PowensRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many events a topic keeps; a further one has it forget its oldest. Default 10,000.</summary>
    public int MaximumEventsPerTopic { get; set; } = 10_000;

    /// <summary>
    /// How many events of each kind the embedded and the memory store keep. Default 5,000,000. Then new callbacks are refused; of the other kinds,
    /// which anybody can send, the oldest is forgotten, so that a flood keeps no later event out.
    /// </summary>
    public long MaximumEvents { get; set; } = 5_000_000;

    /// <summary>
    /// The same in bytes, for the embedded store. Default 2,047 MiB. For each kind on its own, so that a flood of one does not cost the others.
    /// </summary>
    public long MaximumSize { get; set; } = 2047L * 1024 * 1024;

    /// <summary>The same for the memory store. Default 128 MiB.</summary>
    public long MaximumMemory { get; set; } = 128 * 1024 * 1024;

    /// <summary>How long the journal remembers, behind an event's end, that there was one. Default 7 days.</summary>
    public TimeSpan TraceRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long an event of the kind is kept where no state says it.</summary>
    public TimeSpan RetentionOf(EventKind kind) => kind switch
    {
        EventKind.Callback => CallbackRetention,
        EventKind.OpenIdCibaCallback => OpenIdCibaRetention,
        _ => PowensRetention,
    };
}
