using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Core.Records;

/// <summary>The settings of <see cref="RecordOptions"/>, under <c>Teal:Records</c>.</summary>
public static class RecordSettings
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<RecordOptions>> All =
    [
        new("Records:MaximumRecords", "100000",
            "how many records the store keeps, small things that are neither states nor events; further ones are refused",
            Count<RecordOptions>(1, 10_000_000, o => o.MaximumRecords, (o, v) => o.MaximumRecords = v)),
        new("Records:MaximumRecordSize", "16 KiB", "how long one of them may be; longer ones are refused",
            Size<RecordOptions>(1024, 1024 * 1024, o => o.MaximumRecordSize, (o, v) => o.MaximumRecordSize = v)),
    ];
}
