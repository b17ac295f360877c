using System.Globalization;

namespace Teal.Client;

/// <summary>Instants as they are written on the wire: UTC, ISO 8601, without a zone, six fractional digits (specification 3.2).</summary>
internal static class WireTimestamp
{
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
