using System.Buffers;
using System.Text;

namespace Teal.Web.Requests;

/// <summary>
/// The headers of a request to a webhook as they came, byte for byte: the web server sorts headers, and proxies' are taken away. A feature
/// of HTTP/1.1 connections, with the head of the request that is under way.
/// </summary>
public sealed class RawHead
{
    // What stands in the addresses of webhooks: nobody else needs it, and copying it costs.
    private static ReadOnlySpan<byte> Mark => "/hook/"u8;

    private byte[] _bytes = [];
    private int _length;
    private bool _isOfOthers;

    /// <summary>Takes a further piece of it, as the web server takes it.</summary>
    public void Append(in ReadOnlySequence<byte> piece)
    {
        if (_isOfOthers || piece.IsEmpty) return;
        if (_length == 0 && !IsOfWebhook(piece.FirstSpan))
        {
            _isOfOthers = true;
            return;
        }

        var length = _length + (int)piece.Length;
        if (length > _bytes.Length) Array.Resize(ref _bytes, length);
        piece.CopyTo(_bytes.AsSpan(_length));
        _length = length;
    }

    /// <summary>The request is over.</summary>
    public void Clear() => (_bytes, _length, _isOfOthers) = ([], 0, false);

    /// <summary>
    /// The headers in their order, a character being a byte (Latin-1); null: it is not the head of that request, or none was kept.
    /// </summary>
    /// <param name="method">The request's method.</param>
    public List<KeyValuePair<string, string>>? Read(string method)
    {
        // The web server decodes the path where it lies, so the line is not what it was.
        var lines = Encoding.Latin1.GetString(_bytes, 0, _length).Split('\n');
        if (!lines[0].StartsWith(method + " ", StringComparison.Ordinal) || !lines[0].Contains(" HTTP/1.", StringComparison.Ordinal))
            return null;

        var headers = new List<KeyValuePair<string, string>>(lines.Length);
        foreach (var line in lines.AsSpan(1))
        {
            var text = line.AsSpan().TrimEnd('\r');
            if (text.IsEmpty) return headers;

            // The web server refuses all else.
            var colon = text.IndexOf(':');
            if (colon <= 0) return null;
            headers.Add(new(text[..colon].ToString(), text[(colon + 1)..].Trim(" \t").ToString()));
        }

        return null;
    }

    private static bool IsOfWebhook(ReadOnlySpan<byte> first)
    {
        var end = first.IndexOf((byte)'\n');
        return (end < 0 ? first : first[..end]).IndexOf(Mark) >= 0;
    }
}
