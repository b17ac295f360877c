using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Teal.Accounts.Secrets;

/// <summary>
/// The form of secrets that Teal makes: a prefix, parts of random characters, and the CRC-32 of all that, with low lines in between. Each
/// character is one of base 62. By the check a mistyped secret is known without asking anybody, and a scanner knows a lost one.
/// </summary>
/// <param name="prefix">What stands in front; no other form has it.</param>
/// <param name="lengths">How long each part is.</param>
internal sealed class SecretForm(string prefix, params int[] lengths)
{
    /// <summary>How many characters of base 62 hold 256 random bits.</summary>
    public const int SecretLength = 43;

    private const string Characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const char Separator = '_';

    // Of base 62, enough for 32 bits.
    private const int CheckLength = 6;

    private static readonly SearchValues<char> CharacterSet = SearchValues.Create(Characters);

    private readonly string _start = prefix + Separator;

    /// <summary>How long a secret is, in characters.</summary>
    public int Length { get; } = prefix.Length + 1 + lengths.Sum(static length => length + 1) + CheckLength;

    /// <summary>Makes one.</summary>
    public string Make()
    {
        var parts = string.Concat(lengths.Select(static length => RandomNumberGenerator.GetString(Characters, length) + Separator));
        return _start + parts + CheckOf(_start + parts[..^1]);
    }

    /// <summary>Whether somebody who gives this text means such a secret, perhaps one that was cut or mistyped.</summary>
    public bool IsMeant(string text) => text.Length >= SecretLength && text.StartsWith(_start, StringComparison.Ordinal);

    /// <summary>Whether it is one that could have been made, to the last character.</summary>
    public bool IsWhole(string text)
    {
        if (text.Length != Length || !text.StartsWith(_start, StringComparison.Ordinal)) return false;

        var rest = text.AsSpan(_start.Length);
        foreach (var length in lengths)
        {
            if (rest[length] != Separator || rest[..length].ContainsAnyExcept(CharacterSet)) return false;

            rest = rest[(length + 1)..];
        }

        return rest.SequenceEqual(CheckOf(text[..^(CheckLength + 1)]));
    }

    /// <summary>One part of a whole secret.</summary>
    public string PartOf(string text, int index) =>
        text.Substring(_start.Length + lengths[..index].Sum(static length => length + 1), lengths[index]);

    private static string CheckOf(string text)
    {
        var rest = Crc32.HashToUInt32(Encoding.ASCII.GetBytes(text));
        Span<char> digits = stackalloc char[CheckLength];
        for (var i = CheckLength - 1; i >= 0; i--, rest /= (uint)Characters.Length) digits[i] = Characters[(int)(rest % Characters.Length)];
        return new string(digits);
    }
}
