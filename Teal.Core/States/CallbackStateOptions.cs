namespace Teal.Core.States;

/// <summary>Bounds of callback states, and of the stores that live in the process.</summary>
public sealed class CallbackStateOptions
{
    /// <summary>How far ahead a state's expiry must be at least. Default 10 seconds.</summary>
    public TimeSpan MinimumLifetime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How far ahead a state's expiry may be at most; 10 seconds more are forgiven. Default 7 days.</summary>
    public TimeSpan MaximumLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How many live states may be kept at once; about 300 bytes of memory each, beside their texts. Default 1,000,000. When that many
    /// live, a new one is refused.
    /// </summary>
    public int MaximumStates { get; set; } = 1_000_000;

    /// <summary>
    /// How much memory the live states may take together, in bytes, roughly. Default 512 MiB. Over it a new one is refused.
    /// </summary>
    public long MaximumStatesSize { get; set; } = 512 * 1024 * 1024;

    /// <summary>How often expired states are deleted. Default 1 minute; 0 never.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A clock that jumps ahead by more than this is not believed for as long: what looks expired is unknown, and not deleted
    /// yet. Default 1 hour; 0: it is always believed.
    /// </summary>
    public TimeSpan ClockJumpTolerance { get; set; } = TimeSpan.FromHours(1);
}
