namespace Teal.Core.Records;

/// <summary>A small thing that a store keeps.</summary>
/// <param name="Key">Its name within its collection.</param>
/// <param name="Value">What it holds, as it was put.</param>
/// <param name="Version">Of this content, at least 1. Each put gives a higher one, also where the key was deleted meanwhile.</param>
/// <param name="ExpiresAt">When it ends, UTC; null: it has no end.</param>
public sealed record StoredRecord(string Key, ReadOnlyMemory<byte> Value, long Version, DateTime? ExpiresAt)
{
    /// <summary>Whether it has ended.</summary>
    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now.UtcDateTime;
}
