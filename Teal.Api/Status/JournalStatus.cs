namespace Teal.Api.Status;

/// <summary>What a journal keeps.</summary>
/// <param name="Events">How many events.</param>
/// <param name="Size">How many bytes they take.</param>
public sealed record JournalStatus(long Events, long Size);
