using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Teal.Core.Wire;

/// <summary>
/// Which characters stand in JSON as they are, and how the others are escaped, in the form of <see cref="CompactJsonWriter"/>.
/// </summary>
internal static class JsonEscape
{
    /// <summary>The bytes of the longest escape.</summary>
    public const int Longest = 6;

    /// <summary>The characters that stand as they are.</summary>
    public static readonly SearchValues<char> Plain =
        SearchValues.Create(Enumerable.Range(0, 0x80).Select(static code => (char)code).Where(IsPlain).ToArray());

    /// <summary>The same as bytes of UTF-8.</summary>
    public static readonly SearchValues<byte> PlainBytes = SearchValues.Create(
        Enumerable.Range(0, 0x80).Select(static code => (byte)code).Where(static code => IsPlain((char)code)).ToArray());

    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    /// <summary>Whether it stands as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPlain(char character) => character is >= ' ' and < '\x7f' and not ('"' or '\\');

    /// <summary>Writes it escaped, and returns how many bytes that took. Inlined, as <see cref="IsPlain"/> is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(char character, Span<byte> target)
    {
        target[0] = (byte)'\\';
        var shortForm = ShortFormOf(character);
        if (shortForm != '\0')
        {
            target[1] = (byte)shortForm;
            return 2;
        }

        target[1] = (byte)'u';
        target[2] = HexDigits[character >> 12];
        target[3] = HexDigits[(character >> 8) & 0xf];
        target[4] = HexDigits[(character >> 4) & 0xf];
        target[5] = HexDigits[character & 0xf];
        return Longest;
    }

    /// <summary>The bytes that a text of UTF-8 takes in quotes: a long one gets a buffer of its length at once.</summary>
    public static int LengthOf(ReadOnlySpan<byte> text)
    {
        long length = 2;
        while (!text.IsEmpty)
        {
            var first = text[0];
            if (IsPlain((char)first))
            {
                var run = text.IndexOfAnyExcept(PlainBytes);
                if (run < 0) run = text.Length;
                length += run;
                text = text[run..];
            }
            else if (first < 0x80)
            {
                length += ShortFormOf((char)first) != '\0' ? 2 : Longest;
                text = text[1..];
            }
            else
            {
                Rune.DecodeFromUtf8(text, out var rune, out var consumed);
                length += Longest * rune.Utf16SequenceLength;
                text = text[consumed..];
            }
        }

        return checked((int)length);
    }

    // What follows the backslash; NUL: there is no short form.
    private static char ShortFormOf(char character) => character switch
    {
        '"' => '"',
        '\\' => '\\',
        '\b' => 'b',
        '\f' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        _ => '\0',
    };
}
