using System.Globalization;
using System.Text.Json;
using Teal.Core.Journal;
using Teal.Core.Wire;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Protocols;

/// <summary>
/// The form that positions have for clients, to whom it is opaque: the position in 14 hexadecimal digits, and 6 each for its
/// journal and its topic.
/// </summary>
internal static class Cursor
{
    /// <summary>From the earliest event that is kept.</summary>
    public const string Earliest = "earliest";

    private const int PositionLength = 14;
    private const int OriginLength = 6;

    /// <summary>The cursor of a position; of 0 that is <see cref="Earliest"/>.</summary>
    public static string Encode(long position, CursorOrigin origin) =>
        position == 0 ? Earliest : string.Create(CultureInfo.InvariantCulture, $"{position:x14}{origin.Journal:x6}{origin.Topic:x6}");

    /// <summary>Reads <c>earliest</c>, a cursor, or an instant in ISO 8601; false when it is none.</summary>
    /// <param name="element">What the client sent.</param>
    /// <param name="position">The position.</param>
    /// <param name="isInstant">Whether it is an instant, behind which the client does not claim to have seen everything before.</param>
    /// <param name="origin">What the cursor belongs to; null: it does not say, as those of versions before.</param>
    public static bool TryRead(JsonElement element, out long position, out bool isInstant, out CursorOrigin? origin)
    {
        (position, isInstant, origin) = (0, false, null);
        if (element.ValueKind != JsonValueKind.String) return false;

        var text = element.GetString()!;
        if (text == Earliest) return true;
        if (TryReadCursor(text, out position, out origin)) return true;
        if (!IsoInstant.TryParse(text, out var instant) || !instant.TryGetUtc(out var utc)) return false;

        isInstant = true;
        position = JournalPosition.At(new DateTimeOffset(utc, TimeSpan.Zero));
        return true;
    }

    private static bool TryReadCursor(string text, out long position, out CursorOrigin? origin)
    {
        (position, origin) = (0, null);
        if (text.Length is not (PositionLength or PositionLength + (2 * OriginLength)) || !text.All(char.IsAsciiHexDigit)) return false;

        position = Hexadecimal(text.AsSpan(0, PositionLength));
        if (text.Length == PositionLength) return true;

        origin = new CursorOrigin(
            (int)Hexadecimal(text.AsSpan(PositionLength, OriginLength)), (int)Hexadecimal(text.AsSpan(PositionLength + OriginLength)));
        return true;
    }

    private static long Hexadecimal(ReadOnlySpan<char> digits) =>
        long.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
