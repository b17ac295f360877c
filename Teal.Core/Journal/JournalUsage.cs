namespace Teal.Core.Journal;

/// <summary>How much a journal holds, for the health answer.</summary>
/// <param name="Events">How many events it keeps.</param>
/// <param name="Size">How many bytes they take.</param>
public readonly record struct JournalUsage(long Events, long Size);
