using System.Globalization;

namespace Teal.Core.Wire;

/// <summary>Instants as they are written on the wire: UTC, ISO 8601, without a zone, six fractional digits (specification 3.2).</summary>
public static class WireTimestamp
{
    /// <summary>The length of a written instant in characters.</summary>
    public const int Length = 26;

    private const string Pattern = "yyyy-MM-ddTHH:mm:ss.ffffff";

    /// <summary>Writes <paramref name="utc"/> to <paramref name="target"/>, and returns <see cref="Length"/>.</summary>
    public static int Format(DateTime utc, Span<byte> target)
    {
        utc.TryFormat(target, out var written, Pattern, CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary><paramref name="utc"/> as text.</summary>
    public static string Format(DateTime utc) => utc.ToString(Pattern, CultureInfo.InvariantCulture);
}
