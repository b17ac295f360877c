namespace Teal.Core.Events;

/// <summary>Something that another party did, as the listener accepted it. Immutable.</summary>
/// <param name="Timestamp">When it was accepted, UTC; kept to the microsecond on the wire.</param>
public abstract record TealEvent(DateTime Timestamp)
{
    // In bytes.
    private const int LongSize = 64 * 1024;

    /// <summary>Where it is kept.</summary>
    public EventPlace Place { get; init; }

    /// <summary>The team that it belongs to, and that alone gets it (specification 8.5); null: it is nobody's.</summary>
    public string? Owner { get; init; }

    /// <summary>What the event is routed by.</summary>
    public abstract Topic Topic { get; }

    /// <summary>How many bytes of memory its texts take, for bounds.</summary>
    public abstract int Size { get; }

    /// <summary>
    /// Whether it takes so long to send that others would notice, and has to wait for its turn where they share a connection:
    /// from 64 KiB on.
    /// </summary>
    public bool IsLong => Size >= LongSize;

    /// <summary>The kind alone: what an event says is secret and has no place in a log.</summary>
    public sealed override string ToString() => Topic.ToString();
}
