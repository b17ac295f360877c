using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Teal.Core.Wire;

/// <summary>
/// Writes JSON in the one form that all members of the TeaL family send: no white space, ASCII only, everything above it as
/// <c>\uxxxx</c> in lower case, and of ASCII only the control characters (DEL is one), <c>"</c> and <c>\</c> escaped. Clients and foreign
/// dispatchers may compare bytes. The library's writer does the same with an encoder of ours, in half as much time again.
/// Not thread-safe; dispose it to give its buffer back.
/// </summary>
public ref struct CompactJsonWriter
{
    // In bytes. The pool would keep longer buffers, one of each length for each thread, long after they were needed.
    private const int LargestPooled = 64 * 1024;

    // What mostly follows a long text.
    private const int LongestEnd = 256;

    private byte[] _buffer;
    private int _length;

    /// <summary>Starts with room for <paramref name="capacity"/> bytes; it grows as needed.</summary>
    public CompactJsonWriter(int capacity)
    {
        _buffer = Rent(capacity);
        _length = 0;
    }

    /// <summary>Starts with a buffer that the caller has; if that is too short, a longer one takes its place.</summary>
    public CompactJsonWriter(byte[] buffer)
    {
        _buffer = buffer;
        _length = 0;
    }

    /// <summary>What was written so far; only until something else is written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>What was written so far, as an array of exactly that length.</summary>
    public readonly byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    /// <summary>The buffer, which is the caller's from now on, and how much of it was written. Nothing more is written.</summary>
    public (byte[] Buffer, int Length) Detach()
    {
        var detached = (_buffer, _length);
        (_buffer, _length) = ([], 0);
        return detached;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    /// <summary>Appends JSON text that stands in the program.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        Reserve(json.Length);
        json.CopyTo(_buffer.AsSpan(_length));
        _length += json.Length;
    }

    /// <summary>Appends a string in quotes, or <c>null</c>.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Raw("null"u8);
            return;
        }

        Reserve(value.Length + 2);
        _buffer[_length++] = (byte)'"';
        for (var rest = value.AsSpan(); !rest.IsEmpty;)
        {
            if (!JsonEscape.IsPlain(rest[0]))
            {
                Escape(rest[0]);
                rest = rest[1..];
                continue;
            }

            var run = rest.IndexOfAnyExcept(JsonEscape.Plain);
            if (run < 0) run = rest.Length;
            Reserve(run);
            _length += Encoding.ASCII.GetBytes(rest[..run], _buffer.AsSpan(_length));
            rest = rest[run..];
        }

        Raw("\""u8);
    }

    /// <summary>Appends a text in quotes, the same bytes as for a string of it.</summary>
    public void Text(Utf8Text value)
    {
        Span<char> units = stackalloc char[2];
        Reserve(value.Bytes.Length < LargestPooled ? value.Bytes.Length + 2 : JsonEscape.LengthOf(value.Bytes.Span));
        _buffer[_length++] = (byte)'"';
        for (var rest = value.Bytes.Span; !rest.IsEmpty;)
        {
            var first = rest[0];
            if (JsonEscape.IsPlain((char)first))
            {
                var run = rest.IndexOfAnyExcept(JsonEscape.PlainBytes);
                if (run < 0) run = rest.Length;
                Raw(rest[..run]);
                rest = rest[run..];
            }
            else if (first < 0x80)
            {
                Escape((char)first);
                rest = rest[1..];
            }
            else
            {
                Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
                foreach (var unit in units[..rune.EncodeToUtf16(units)]) Escape(unit);
                rest = rest[consumed..];
            }
        }

        Raw("\""u8);
    }

    /// <summary>Appends a member with a string, or <c>null</c>.</summary>
    /// <param name="name">The name in quotes, what stands before it, and its colon.</param>
    /// <param name="value">The string.</param>
    public void Member(ReadOnlySpan<byte> name, string? value)
    {
        Raw(name);
        Text(value);
    }

    /// <summary>Appends <c>true</c> or <c>false</c>.</summary>
    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>Appends a UTC instant in quotes with six fractional digits and no zone.</summary>
    public void Timestamp(DateTime utc)
    {
        Reserve(WireTimestamp.Length + 2);
        _buffer[_length++] = (byte)'"';
        _length += WireTimestamp.Format(utc, _buffer.AsSpan(_length));
        _buffer[_length++] = (byte)'"';
    }

    // Inlined, as a text of nothing else may have a million of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Escape(char character)
    {
        Reserve(JsonEscape.Longest);
        _length += JsonEscape.Write(character, _buffer.AsSpan(_length, JsonEscape.Longest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int count)
    {
        if (_buffer.Length - _length < count) Grow(count);
    }

    private void Grow(int count)
    {
        var larger = Rent(Math.Max(_buffer.Length * 2, _length + count + LongestEnd));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    private static byte[] Rent(int length) =>
        length <= LargestPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    private static void Return(byte[] buffer)
    {
        if (buffer.Length is > 0 and <= LargestPooled) ArrayPool<byte>.Shared.Return(buffer);
    }
}
