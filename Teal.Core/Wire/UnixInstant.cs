namespace Teal.Core.Wire;

/// <summary>Unix time, in seconds or in milliseconds, whichever a number must be.</summary>
public static class UnixInstant
{
    // As seconds it would be the year 2603; the original draws the line there as well.
    private const decimal LargestSeconds = 20_000_000_000m;

    /// <summary>
    /// The microseconds since 1970 of an instant in UTC, up to the next whole one: so nothing that is stored ends before its time.
    /// </summary>
    public static long MicrosecondsUp(DateTime utc) =>
        (utc.Ticks - DateTime.UnixEpoch.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The next whole microsecond, as all stores keep instants: so what is found can be compared with what was stored.</summary>
    public static DateTime RoundUp(DateTime utc)
    {
        var surplus = utc.Ticks % TimeSpan.TicksPerMicrosecond;
        return surplus == 0 || utc.Ticks > DateTime.MaxValue.Ticks - TimeSpan.TicksPerMicrosecond
            ? utc : utc.AddTicks(TimeSpan.TicksPerMicrosecond - surplus);
    }

    /// <summary>The instant in UTC, to the microsecond; false when it is beyond the year 2603 as milliseconds, too. Never throws.</summary>
    public static bool TryGetUtc(decimal number, out DateTime utc)
    {
        utc = default;
        var seconds = Math.Abs(number) > LargestSeconds ? number / 1000 : number;
        if (Math.Abs(seconds) > LargestSeconds) return false;

        utc = DateTime.UnixEpoch.AddMicroseconds((double)decimal.Truncate(seconds * 1_000_000));
        return true;
    }
}
