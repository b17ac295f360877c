using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>A journal that can be emptied.</summary>
public interface IJournalPurge
{
    /// <summary>
    /// Forgets all events for good that are kept now, and says how many there were; others may come meanwhile. Who asks for them later
    /// learns that there were some.
    /// </summary>
    Task<long> PurgeAsync(CancellationToken cancellationToken);

    /// <summary>The same for one topic. Once it completes, nothing of them is in the store.</summary>
    Task<long> PurgeAsync(Topic topic, CancellationToken cancellationToken);
}
