namespace Teal.Core.Journal;

/// <summary>A journal that can be emptied.</summary>
public interface IJournalPurge
{
    /// <summary>Forgets all events for good, and says how many there were. Who asks for them later learns that there were some.</summary>
    Task<long> PurgeAsync(CancellationToken cancellationToken);
}
