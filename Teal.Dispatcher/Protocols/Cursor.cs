using System.Globalization;
using System.Text.Json;
using Teal.Core.Journal;
using Teal.Core.Wire;

namespace Teal.Dispatcher.Protocols;

/// <summary>The form that positions have for clients: to them it is opaque.</summary>
internal static class Cursor
{
    /// <summary>From the earliest event that is kept.</summary>
    public const string Earliest = "earliest";

    /// <summary>The cursor of a position.</summary>
    public static string Encode(long position) => position.ToString("x14", CultureInfo.InvariantCulture);

    /// <summary>Reads <c>earliest</c>, a cursor, or an instant in ISO 8601; false when it is none.</summary>
    /// <param name="element">What the client sent.</param>
    /// <param name="position">The position.</param>
    /// <param name="isInstant">Whether it is an instant, behind which the client does not claim to have seen everything before.</param>
    public static bool TryRead(JsonElement element, out long position, out bool isInstant)
    {
        (position, isInstant) = (0, false);
        if (element.ValueKind != JsonValueKind.String) return false;

        var text = element.GetString()!;
        if (text == Earliest) return true;
        if (text.Length == 14 && long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out position)) return true;
        if (!IsoInstant.TryParse(text, out var instant) || !instant.TryGetUtc(out var utc)) return false;

        isInstant = true;
        position = JournalPosition.At(new DateTimeOffset(utc, TimeSpan.Zero));
        return true;
    }
}
