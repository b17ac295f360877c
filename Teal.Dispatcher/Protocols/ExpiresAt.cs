using System.Globalization;
using System.Text.Json;
using Teal.Core.Wire;

namespace Teal.Dispatcher.Protocols;

/// <summary>
/// Reads a state's <c>expires_at</c> in all the forms that are taken (specification 3.2): ISO 8601, without a zone UTC; Unix time
/// in seconds or milliseconds, as a number or as a string of digits.
/// </summary>
internal static class ExpiresAt
{
    /// <summary>False when it is none of the forms, or outside the years 1 to 9999. Never throws for a valid document.</summary>
    public static bool TryRead(JsonElement element, out DateTime utc)
    {
        utc = default;
        return element.ValueKind switch
        {
            JsonValueKind.Number => element.TryGetDecimal(out var number) && UnixInstant.TryGetUtc(number, out utc),
            JsonValueKind.String => TryRead(element.GetString()!, out utc),
            _ => false,
        };
    }

    private static bool TryRead(string text, out DateTime utc)
    {
        if (IsoInstant.TryParse(text, out var instant)) return instant.TryGetUtc(out utc);

        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        utc = default;
        return decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number) && UnixInstant.TryGetUtc(number, out utc);
    }
}
