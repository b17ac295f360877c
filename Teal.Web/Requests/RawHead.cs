using System.Buffers;
using System.Collections.Frozen;
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

    private const int LongestUsual = 32;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> UsualNames = FrozenSet.Create(
        StringComparer.Ordinal,
        "Host", "User-Agent", "Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "Content-Length", "Content-Encoding",
        "Connection", "Transfer-Encoding", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "X-Request-ID",
        "X-Hub-Signature", "X-Hub-Signature-256", "X-GitHub-Event", "X-GitHub-Delivery", "X-GitHub-Hook-ID", "Stripe-Signature",
        "X-Slack-Signature", "X-Slack-Request-Timestamp", "X-Gitlab-Event", "X-Gitlab-Token", "X-Twilio-Signature", "webhook-id",
        "webhook-timestamp", "webhook-signature", "traceparent").GetAlternateLookup<ReadOnlySpan<char>>();

    private byte[] _bytes = [];
    private int _length;
    private bool _isOfOthers;

    /// <summary>Takes a further piece of it, as the web server takes it.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="longest">The longest head, in bytes: what is longer was the rest of a body that nobody wanted.</param>
    public void Append(in ReadOnlySequence<byte> piece, int longest)
    {
        if (_isOfOthers || piece.IsEmpty) return;
        if ((_length == 0 && !IsOfWebhook(piece.FirstSpan)) || _length + piece.Length > longest)
        {
            Clear();
            _isOfOthers = true;
            return;
        }

        var length = _length + (int)piece.Length;
        if (length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(length, Math.Min(2 * _bytes.Length, longest)));
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
        var rest = _bytes.AsSpan(0, _length);
        if (!TryCut(ref rest, out var first) || !Ascii.Equals(first[..Math.Min(method.Length, first.Length)], method)
            || first.IndexOf(" HTTP/1."u8) < 0) return null;

        var headers = new List<KeyValuePair<string, string>>(16);
        while (TryCut(ref rest, out var line))
        {
            if (line.IsEmpty) return headers;

            // The web server refuses all else.
            var colon = line.IndexOf((byte)':');
            if (colon <= 0) return null;
            headers.Add(new(NameOf(line[..colon]), Encoding.Latin1.GetString(line[(colon + 1)..].Trim(" \t"u8))));
        }

        return null;
    }

    // A line without its end; false: there is none.
    private static bool TryCut(ref Span<byte> rest, out ReadOnlySpan<byte> line)
    {
        var end = rest.IndexOf((byte)'\n');
        line = end < 0 ? default : rest[..end].TrimEnd((byte)'\r');
        rest = rest[(end + 1)..];
        return end >= 0;
    }

    // Events are kept, in memory too: names that all have are there once.
    private static string NameOf(ReadOnlySpan<byte> name)
    {
        Span<char> characters = stackalloc char[LongestUsual];
        if (name.Length > LongestUsual) return Encoding.Latin1.GetString(name);

        characters = characters[..Encoding.Latin1.GetChars(name, characters)];
        return UsualNames.TryGetValue(characters, out var usual) ? usual : characters.ToString();
    }

    private static bool IsOfWebhook(ReadOnlySpan<byte> first)
    {
        var end = first.IndexOf((byte)'\n');
        return (end < 0 ? first : first[..end]).IndexOf(Mark) >= 0;
    }
}
