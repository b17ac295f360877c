using System.Buffers;

namespace Teal.Webhooks.Requests;

/// <summary>The name of a header (RFC 9110 section 5.1).</summary>
internal static class HeaderName
{
    private const int Longest = 256;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether a text is one.</summary>
    public static bool IsOne(string text) => text.Length is > 0 and <= Longest && !text.AsSpan().ContainsAnyExcept(Characters);
}
