using System.Buffers;
using System.Text;
using Teal.Core.Events;

namespace Teal.Core.Wire;

/// <summary>
/// Writes JSON in the one form that all members of the TeaL family send: no white space, ASCII only, everything above it as
/// <c>\uxxxx</c> in lower case, and of ASCII only the control characters (DEL is one), <c>"</c> and <c>\</c> escaped. A library writer cannot
/// be told to do so, and clients and foreign dispatchers may compare bytes. Not thread-safe; dispose it to give its buffer back.
/// </summary>
public ref struct CompactJsonWriter
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create(Enumerable.Range(0x20, 0x5f).Select(static code => (char)code).Where(static c => c is not ('"' or '\\')).ToArray());

    private static readonly SearchValues<byte> PlainBytes =
        SearchValues.Create(Enumerable.Range(0x20, 0x5f).Select(static code => (byte)code).Where(static b => b is not ((byte)'"' or (byte)'\\')).ToArray());

    // A surrogate pair.
    private const int LongestEscape = 12;

    private byte[] _buffer;
    private int _length;

    /// <summary>Starts with room for <paramref name="capacity"/> bytes; it grows as needed.</summary>
    public CompactJsonWriter(int capacity)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(capacity);
        _length = 0;
    }

    /// <summary>What was written so far; only until something else is written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>What was written so far, as an array of exactly that length.</summary>
    public readonly byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
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
        var rest = value.AsSpan();
        while (true)
        {
            var run = rest.IndexOfAnyExcept(Plain);
            if (run < 0) run = rest.Length;
            Reserve(run + 7);
            _length += Encoding.ASCII.GetBytes(rest[..run], _buffer.AsSpan(_length));
            if (run == rest.Length) break;

            Escape(rest[run]);
            rest = rest[(run + 1)..];
        }

        _buffer[_length++] = (byte)'"';
    }

    /// <summary>Appends a text in quotes, the same bytes as for a string of it.</summary>
    public void Text(Utf8Text value)
    {
        var rest = value.Bytes.Span;
        Span<char> units = stackalloc char[2];
        Reserve(rest.Length + 2);
        _buffer[_length++] = (byte)'"';
        while (true)
        {
            var run = rest.IndexOfAnyExcept(PlainBytes);
            if (run < 0) run = rest.Length;
            Reserve(run + LongestEscape + 1);
            rest[..run].CopyTo(_buffer.AsSpan(_length));
            _length += run;
            if (run == rest.Length) break;

            Rune.DecodeFromUtf8(rest[run..], out var rune, out var consumed);
            foreach (var unit in units[..rune.EncodeToUtf16(units)]) Escape(unit);
            rest = rest[(run + consumed)..];
        }

        _buffer[_length++] = (byte)'"';
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

    private void Escape(char character)
    {
        var target = _buffer.AsSpan(_length);
        target[0] = (byte)'\\';
        var shortForm = character switch
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
        if (shortForm != '\0')
        {
            target[1] = (byte)shortForm;
            _length += 2;
            return;
        }

        target[1] = (byte)'u';
        ((ushort)character).TryFormat(target[2..], out _, "x4");
        _length += 6;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _length >= count) return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + count));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
