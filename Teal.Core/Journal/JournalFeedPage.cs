using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>What was appended lately.</summary>
/// <param name="Appended">Topics and the positions that events got there.</param>
/// <param name="End">Where to go on.</param>
/// <param name="IsComplete">False: the feed was shortened meanwhile, and there may have been more.</param>
/// <param name="HasMore">Whether there is more already.</param>
public sealed record JournalFeedPage(IReadOnlyList<(Topic Topic, long Position)> Appended, string End, bool IsComplete, bool HasMore);
