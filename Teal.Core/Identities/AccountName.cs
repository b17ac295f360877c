using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Teal.Core.Identities;

/// <summary>
/// The names of accounts and teams (specification 8): <c>[a-z0-9][a-z0-9._@-]{0,63}</c>. They are compared in lower case, and everything
/// behind this check has them so.
/// </summary>
public static class AccountName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaximumLength = 64;

    /// <summary>What a name must be, in words that follow «must be».</summary>
    public const string Form =
        "1 to 64 letters from a to z, digits, dots, hyphens, @ and _, the first one a letter or a digit; upper case is lower case";

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._@-");

    /// <summary>Reads a name in any case.</summary>
    /// <param name="text">The name as somebody wrote it.</param>
    /// <param name="name">The name in lower case; null: the text is none.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? name)
    {
        // Of ASCII alone: in lower case the Kelvin sign is a k.
        name = text.Length <= MaximumLength && Ascii.IsValid(text) ? text.ToLowerInvariant() : null;
        if (name is not null && !IsNormal(name)) name = null;
        return name is not null;
    }

    /// <summary>Whether it is a name, in lower case.</summary>
    public static bool IsNormal(string text) =>
        text.Length is > 0 and <= MaximumLength && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(Characters);
}
