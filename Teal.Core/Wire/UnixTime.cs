namespace Teal.Core.Wire;

/// <summary>Instants as a number: seconds since 1970, UTC, or milliseconds where that would be too far ahead.</summary>
public static class UnixTime
{
    // As seconds it would be the year 2603; the original draws the line there as well.
    private const decimal LargestSeconds = 20_000_000_000m;

    /// <summary>False when it is outside of the years 1336 to 2603. Never throws.</summary>
    public static bool TryRead(decimal number, out DateTime utc)
    {
        utc = default;
        var seconds = Math.Abs(number) > LargestSeconds ? number / 1000 : number;
        if (Math.Abs(seconds) > LargestSeconds) return false;

        utc = DateTime.UnixEpoch.AddMicroseconds((double)decimal.Truncate(seconds * 1_000_000));
        return true;
    }
}
