using System.Text;

namespace Teal.Core.Wire;

/// <summary>
/// A text of valid UTF-8 that is kept as its bytes: half of the memory of a string, and the same to the last byte when it goes out again.
/// </summary>
/// <param name="Bytes">The bytes; valid UTF-8, and not to be changed.</param>
public readonly record struct Utf8Text(ReadOnlyMemory<byte> Bytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes as a text; false when they are not valid UTF-8.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out Utf8Text text)
    {
        text = new Utf8Text(bytes);
        return System.Text.Unicode.Utf8.IsValid(bytes.Span);
    }

    /// <summary>The text of a string. Throws <see cref="EncoderFallbackException"/> when that has a lone surrogate.</summary>
    public static Utf8Text From(string text) => new(Strict.GetBytes(text));

    /// <summary>Whether both have the same bytes.</summary>
    public bool Equals(Utf8Text other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <summary>Nothing: what a text says may be secret and has no place in a log.</summary>
    public override string ToString() => nameof(Utf8Text);
}
