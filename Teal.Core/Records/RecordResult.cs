namespace Teal.Core.Records;

/// <summary>What became of a record that was put.</summary>
public enum RecordResult
{
    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>Another version is there than the expected one. Nothing was changed.</summary>
    Conflict,

    /// <summary>There are too many records (<see cref="RecordOptions.MaximumRecords"/>). Nothing was changed.</summary>
    Full,

    /// <summary>It is too long (<see cref="RecordOptions.MaximumRecordSize"/>). Nothing was changed.</summary>
    TooLong,
}
