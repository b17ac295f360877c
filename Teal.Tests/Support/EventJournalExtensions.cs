using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.Tests.Support;

internal static class EventJournalExtensions
{
    /// <summary>The topic's first events behind a position, whatever their size.</summary>
    public static ValueTask<JournalPage> ReadAsync(
        this IEventJournal journal, Topic topic, long after, int limit, CancellationToken cancellationToken) =>
        journal.ReadAsync(topic, after, limit, int.MaxValue, cancellationToken);
}
