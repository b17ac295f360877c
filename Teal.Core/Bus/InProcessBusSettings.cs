using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Core.Bus;

/// <summary>The settings of <see cref="InProcessBusOptions"/>.</summary>
public static class InProcessBusSettings
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<InProcessBusOptions>> All =
    [
        new("BusQueueLength", "10000", "how many events the in-process bus holds; further ones are read from the journal",
            Count<InProcessBusOptions>(1, 10_000_000, o => o.QueueLength, (o, v) => o.QueueLength = v)),
        new("BusQueueSize", "16 MiB", "how many bytes the large ones of those (over 16 KiB) may take",
            Size<InProcessBusOptions>(1024 * 1024, int.MaxValue, o => o.QueueSize, (o, v) => o.QueueSize = v)),
    ];
}
