namespace Teal.Core.Journal;

/// <summary>Positions in a journal: microseconds since 1970, UTC.</summary>
public static class JournalPosition
{
    /// <summary>The position that an event gets at that instant, where the one before is earlier.</summary>
    public static long At(DateTimeOffset instant) =>
        Math.Max(1, (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
}
