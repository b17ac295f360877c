namespace Teal.Core.Journal;

/// <summary>What was appended lately.</summary>
/// <param name="Appended">The hashes of topics (<see cref="TopicHash.ToKey"/>), and the positions that events got there.</param>
/// <param name="End">Where to go on.</param>
/// <param name="IsComplete">False: the feed was shortened meanwhile, and there may have been more.</param>
/// <param name="HasMore">Whether there is more already.</param>
public sealed record JournalFeedPage(IReadOnlyList<(UInt128 Topic, long Position)> Appended, string End, bool IsComplete, bool HasMore);
