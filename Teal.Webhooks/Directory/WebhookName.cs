using System.Buffers;

namespace Teal.Webhooks.Directory;

/// <summary>The names of webhooks, and what stands in their addresses (specification 9.2).</summary>
public static class WebhookName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaximumLength = 64;

    /// <summary>What a name must be, in words that follow «must be».</summary>
    public const string Form = "1 to 64 letters from a to z, digits, dots, hyphens and _, the first one a letter or a digit";

    /// <summary>What a path that somebody chose must be, in words that follow «must be».</summary>
    public const string PathForm =
        "one segment of 1 to 64 letters, digits, dots, hyphens and _, the first one a letter or a digit: it is reached below /hook/";

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether a text is a name.</summary>
    public static bool IsOne(string text) => IsOne(text, Characters);

    /// <summary>Whether a text can be what stands behind <c>/hook/</c>.</summary>
    public static bool IsPath(string text) => IsOne(text, PathCharacters);

    private static bool IsOne(string text, SearchValues<char> characters) =>
        text.Length is > 0 and <= MaximumLength && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(characters);
}
