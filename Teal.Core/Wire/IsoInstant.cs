using System.Globalization;

namespace Teal.Core.Wire;

/// <summary>
/// A date and time as ISO 8601 writes it, <c>YYYY-MM-DD('T'|' ')HH:MM[:SS[.f…]][Z|±HH[[:]MM]]</c>. Of the fraction any number of
/// digits is taken, and six are kept.
/// </summary>
/// <param name="Clock">What a clock at that place shows.</param>
/// <param name="Offset">That clock's distance from UTC; null: the text names no zone.</param>
public readonly record struct IsoInstant(DateTime Clock, TimeSpan? Offset)
{
    /// <summary>The instant in UTC, a missing zone meaning UTC; false when that is outside the years 1 to 9999.</summary>
    public bool TryGetUtc(out DateTime utc)
    {
        var ticks = Clock.Ticks - Offset.GetValueOrDefault().Ticks;
        var inRange = ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;
        utc = inRange ? new DateTime(ticks, DateTimeKind.Utc) : default;
        return inRange;
    }

    /// <summary>
    /// The extended form, six fractional digits where it has a fraction, and its offset, of which none but <c>±HH:MM</c> is written.
    /// </summary>
    public override string ToString()
    {
        var fraction = Clock.Ticks % TimeSpan.TicksPerSecond == 0 ? "" : Clock.ToString(".ffffff", CultureInfo.InvariantCulture);
        var zone = Offset is { } offset
            ? string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Clock:yyyy-MM-ddTHH:mm:ss}{fraction}{zone}");
    }

    /// <summary>Reads all of <paramref name="text"/>; never throws.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IsoInstant instant)
    {
        instant = default;
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or ' ') || text[13] != ':') return false;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day))
            return false;
        if (!TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute)) return false;

        var rest = text[16..];
        if (!TryTakeSeconds(ref rest, out var second, out var microseconds) || !TryTakeOffset(rest, out var offset)) return false;
        if (year is 0 || month is 0 or > 12 || day is 0 || hour > 23 || minute > 59 || second > 59) return false;
        if (day > DateTime.DaysInMonth(year, month)) return false;

        var clock = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified).AddMicroseconds(microseconds);
        instant = new IsoInstant(clock, offset);
        return true;
    }

    private static bool TryTakeSeconds(ref ReadOnlySpan<char> rest, out int second, out int microseconds)
    {
        (second, microseconds) = (0, 0);
        if (rest.IsEmpty || rest[0] != ':') return true;
        if (rest.Length < 3 || !TryDigits(rest[1..3], out second)) return false;

        rest = rest[3..];
        if (rest.IsEmpty || rest[0] != '.') return true;

        var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
        if (digits < 0) digits = rest.Length - 1;
        for (var i = 0; i < 6; i++) microseconds = (microseconds * 10) + (i < digits ? rest[i + 1] - '0' : 0);
        rest = rest[(digits + 1)..];
        return digits > 0;
    }

    private static bool TryTakeOffset(ReadOnlySpan<char> rest, out TimeSpan? offset)
    {
        offset = null;
        if (rest.IsEmpty) return true;
        if (rest is "Z")
        {
            offset = TimeSpan.Zero;
            return true;
        }

        if (rest.Length is not (3 or 5 or 6) || rest[0] is not ('+' or '-') || !TryDigits(rest[1..3], out var hours)) return false;

        var minutes = 0;
        if (rest.Length == 6 && rest[3] != ':') return false;
        if (rest.Length > 3 && !TryDigits(rest[^2..], out minutes)) return false;
        if (hours > 23 || minutes > 59) return false;

        var distance = new TimeSpan(hours, minutes, 0);
        offset = rest[0] == '-' ? -distance : distance;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character)) return false;
            value = (value * 10) + (character - '0');
        }

        return true;
    }
}
