using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Core.States;

/// <summary>The settings of <see cref="CallbackStateOptions"/>.</summary>
public static class CallbackStateSettings
{
    /// <summary>What the stores keep.</summary>
    public static readonly IReadOnlyList<Setting<CallbackStateOptions>> Store =
    [
        new("MaximumStates", "100000", "how many live states the embedded and the memory store keep; then new ones are refused",
            Count<CallbackStateOptions>(1, 100_000_000, o => o.MaximumStates, (o, v) => o.MaximumStates = v)),
        new("MaximumStatesSize", "512 MiB", "how much memory these states may take together; then new ones are refused",
            Size<CallbackStateOptions>(1, int.MaxValue, o => o.MaximumStatesSize, (o, v) => o.MaximumStatesSize = v)),
        new("SweepInterval", "1 min", "how often expired states are deleted; `0 s`: never",
            Duration<CallbackStateOptions>(TimeSpan.Zero, Day, o => o.SweepInterval, (o, v) => o.SweepInterval = v)),
        new("ClockJumpTolerance", "1 h",
            "a clock that jumps ahead by more than this is not believed for as long, and nothing that looks expired is deleted; " +
            "`0 s`: always believed",
            Duration<CallbackStateOptions>(TimeSpan.Zero, Day, o => o.ClockJumpTolerance, (o, v) => o.ClockJumpTolerance = v)),
    ];

    /// <summary>How long a state may live.</summary>
    public static readonly IReadOnlyList<Setting<CallbackStateOptions>> Lifetimes =
    [
        new("Dispatcher:MinimumStateLifetime", "10 s", "how far ahead a state's expiry must be",
            Duration<CallbackStateOptions>(TimeSpan.Zero, 36500 * Day, o => o.MinimumLifetime, (o, v) => o.MinimumLifetime = v)),
        new("Dispatcher:MaximumStateLifetime", "7 days", "how far ahead a state's expiry may be; 10 s more are forgiven",
            Duration<CallbackStateOptions>(Second, 36500 * Day, o => o.MaximumLifetime, (o, v) => o.MaximumLifetime = v)),
    ];
}
