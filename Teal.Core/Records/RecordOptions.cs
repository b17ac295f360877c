namespace Teal.Core.Records;

/// <summary>Bounds of the record store (specification 7.1).</summary>
public sealed class RecordOptions
{
    /// <summary>How many records there may be at once, of all collections. Default 100,000. A further one is refused.</summary>
    public int MaximumRecords { get; set; } = 100_000;

    /// <summary>How long a record's value may be, in bytes. Default 16 KiB.</summary>
    public int MaximumRecordSize { get; set; } = 16 * 1024;
}
