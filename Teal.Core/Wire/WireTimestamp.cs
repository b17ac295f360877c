using System.Globalization;

namespace Teal.Core.Wire;

/// <summary>Instants as they are written on the wire: UTC, ISO 8601, without a zone, six fractional digits (specification 3.2).</summary>
public static class WireTimestamp
{
    /// <summary>The length of a written instant in characters.</summary>
    public const int Length = 26;

    // .NET's round-trip form is the same with a seventh digit and, perhaps, a zone behind it, and is written several times as
    // fast as a pattern.
    private const string RoundTrip = "O";
    private const int LongestRoundTrip = 33;

    /// <summary>Writes <paramref name="utc"/> to <paramref name="target"/>, and returns <see cref="Length"/>.</summary>
    public static int Format(DateTime utc, Span<byte> target)
    {
        Span<byte> written = stackalloc byte[LongestRoundTrip];
        utc.TryFormat(written, out _, RoundTrip, CultureInfo.InvariantCulture);
        written[..Length].CopyTo(target);
        return Length;
    }

    /// <summary><paramref name="utc"/> as text.</summary>
    public static string Format(DateTime utc) => utc.ToString(RoundTrip, CultureInfo.InvariantCulture)[..Length];
}
