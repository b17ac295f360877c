namespace Teal.Client;

/// <summary>Where the events of a topic begin. The default is <see cref="Now"/>.</summary>
/// <param name="After">What stands in <c>after</c> (specification 3.3); null: nothing.</param>
public readonly record struct From(string? After)
{
    /// <summary>Events that arrive from now on.</summary>
    public static From Now => default;

    /// <summary>All that are kept.</summary>
    public static From Earliest => new("earliest");

    /// <summary>Those behind a <see cref="TealEvent.Cursor"/> of the same topic.</summary>
    public static From Cursor(string cursor) => new(cursor);

    /// <summary>Those that are kept and arrived at an instant or later.</summary>
    public static From Instant(DateTimeOffset instant) => new(WireTimestamp.Format(instant));
}
