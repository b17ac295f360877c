using Teal.Core.Journal;

namespace Teal.Sqlite.Journal;

/// <summary>
/// The journal's positions, which rise with the clock and also where it goes back: a later event is behind all that came and
/// behind every end that was told.
/// </summary>
internal sealed class PositionClock(TimeProvider clock)
{
    // The highest position that was told as the end of a topic.
    private long _toldEnd;
    private long _last;

    /// <summary>The time as a position.</summary>
    public long Now => JournalPosition.At(clock.GetUtcNow());

    /// <summary>The position of the last event; set before the first one comes.</summary>
    public long Last
    {
        get => Volatile.Read(ref _last);
        set => _last = value;
    }

    /// <summary>A time as a position.</summary>
    public static long At(DateTime utc) => JournalPosition.At(new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)));

    /// <summary>The time so much later or, where it is negative, earlier than now.</summary>
    public long In(TimeSpan time) => JournalPosition.At(clock.GetUtcNow() + time);

    /// <summary>The position of the event that comes now; for the writer's thread.</summary>
    public long Next() => _last = Math.Max(Math.Max(_last, Volatile.Read(ref _toldEnd)) + 1, Now);

    /// <summary>A position before that of any event that comes now.</summary>
    public long TellEnd()
    {
        var end = Math.Max(Now - 1, Last);
        var told = Volatile.Read(ref _toldEnd);
        while (told < end)
        {
            var seen = Interlocked.CompareExchange(ref _toldEnd, end, told);
            if (seen == told) return end;
            told = seen;
        }

        return told;
    }
}
