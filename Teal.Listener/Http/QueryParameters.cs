using System.Buffers;
using System.Text;

namespace Teal.Listener.Http;

/// <summary>
/// Reads <c>name=value</c> pairs as the WHATWG URL standard does for <c>application/x-www-form-urlencoded</c>: <c>&amp;</c>
/// separates, <c>+</c> is a blank, <c>%xx</c> is UTF-8 with U+FFFD for what is not, and a <c>%</c> without two hexadecimal digits
/// stands for itself.
/// </summary>
internal static class QueryParameters
{
    private const int StackLimit = 256;

    /// <summary>The decoded value of the last parameter called <paramref name="name"/>; null: there is none. Takes any text.</summary>
    public static string? FindLast(ReadOnlySpan<char> query, string name)
    {
        string? found = null;
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            if (!IsNamed(equals < 0 ? pair : pair[..equals], name)) continue;

            found = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
        }

        return found;
    }

    /// <summary>All parameters, decoded, in their order. Takes any text.</summary>
    public static List<(string Name, string Value)> All(ReadOnlySpan<char> query)
    {
        var parameters = new List<(string, string)>();
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (pair.IsEmpty) continue;

            var equals = pair.IndexOf('=');
            parameters.Add(equals < 0 ? (Decode(pair), "") : (Decode(pair[..equals]), Decode(pair[(equals + 1)..])));
        }

        return parameters;
    }

    /// <summary>Decodes one name or value.</summary>
    public static string Decode(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAny('%', '+')) return text.ToString();

        var longest = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = longest > StackLimit ? ArrayPool<byte>.Shared.Rent(longest) : null;
        Span<byte> utf8 = rented ?? stackalloc byte[StackLimit];
        var length = 0;
        while (!text.IsEmpty)
        {
            if (text[0] == '%' && text.Length >= 3 && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]))
            {
                Convert.FromHexString(text[1..3], utf8[length..], out _, out var written);
                length += written;
                text = text[3..];
                continue;
            }

            if (text[0] is '%' or '+')
            {
                utf8[length++] = (byte)(text[0] == '+' ? ' ' : '%');
                text = text[1..];
                continue;
            }

            var run = text.IndexOfAny('%', '+');
            if (run < 0) run = text.Length;
            length += Encoding.UTF8.GetBytes(text[..run], utf8[length..]);
            text = text[run..];
        }

        var decoded = Encoding.UTF8.GetString(utf8[..length]);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return decoded;
    }

    private static bool IsNamed(ReadOnlySpan<char> encoded, string name) =>
        encoded.SequenceEqual(name) || (encoded.ContainsAny('%', '+') && Decode(encoded) == name);
}
