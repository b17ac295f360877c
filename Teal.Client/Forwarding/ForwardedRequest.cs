using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Teal.Client.Forwarding;

/// <summary>
/// The request of a webhook's event as it goes to the target (specification 9.4): method, headers in their order and the body's bytes as
/// they came, without what concerns one connection alone (RFC 9110 section 7.6.1).
/// </summary>
internal sealed class ForwardedRequest
{
    private const string Host = "Host", ContentLength = "Content-Length", Own = "Teal-";

    private static readonly HashSet<string> OfOneConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding",
        "Upgrade", "Expect", ContentLength,
    };

    // What would end a header, or begin another one.
    private static readonly char[] Breaks = ['\r', '\n', '\0'];

    private readonly string _method;
    private readonly string _target;
    private readonly List<KeyValuePair<string, string>> _headers;
    private readonly byte[] _body;
    private readonly string? _cursor;
    private readonly ForwardOptions _options;

    private ForwardedRequest(
        string method, string target, List<KeyValuePair<string, string>> headers, byte[] body, string? cursor, ForwardOptions options) =>
        (_method, _target, _headers, _body, _cursor, _options) = (method, target, headers, body, cursor, options);

    /// <summary>That of an event; null: it is none of a webhook.</summary>
    public static ForwardedRequest? Of(TealEvent @event, ForwardOptions options)
    {
        var json = @event.Json;
        if (@event.Type != "webhook" || json.TextOf("method") is not { } method || json.TextOf("target") is not { } target
            || !json.TryGetProperty("headers", out var list) || list.ValueKind != JsonValueKind.Array) return null;

        var headers = new List<KeyValuePair<string, string>>();
        foreach (var pair in list.EnumerateArray())
        {
            if (pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair[0].GetString() is { } name
                && pair[1].GetString() is { } value)
                headers.Add(new KeyValuePair<string, string>(name, value));
        }

        var body = json.TextOf("body") is { } text ? Encoding.UTF8.GetBytes(text)
            : json.TryGetProperty("body_base64", out var base64) ? base64.GetBytesFromBase64() : [];
        return new ForwardedRequest(method, options.Target.Join(target, options.AppendsPath), headers, body, @event.Cursor, options);
    }

    /// <summary>Its bytes.</summary>
    /// <param name="attempt">The how manieth try it is, from 1 on.</param>
    public byte[] Encode(int attempt)
    {
        var head = new StringBuilder($"{_method} {_target} HTTP/1.1\r\n");
        foreach (var (name, value) in Headers(attempt))
        {
            if (name.Length > 0 && name.AsSpan().IndexOfAny(Breaks) < 0 && value.AsSpan().IndexOfAny(Breaks) < 0)
                head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        head.Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. _body];
    }

    private IEnumerable<KeyValuePair<string, string>> Headers(int attempt)
    {
        var set = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in _options.Headers) set[name] = value;
        var connection = _headers.Where(static header => header.Key.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            .SelectMany(static header => header.Value.Split(',', StringSplitOptions.TrimEntries))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var hasHost = false;
        foreach (var (name, value) in _headers)
        {
            if (set.ContainsKey(name) || OfOneConnection.Contains(name) || connection.Contains(name)
                || name.StartsWith(Own, StringComparison.OrdinalIgnoreCase)) continue;

            var isHost = name.Equals(Host, StringComparison.OrdinalIgnoreCase);
            hasHost |= isHost;
            yield return new(name, isHost && !_options.PreservesHost ? _options.Target.Url.Authority : value);
        }

        if (!hasHost && !set.ContainsKey(Host)) yield return new(Host, _options.Target.Url.Authority);
        if (_body.Length > 0 || _method is "POST" or "PUT" or "PATCH")
            yield return new(ContentLength, _body.Length.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in set)
        {
            if (value is not null) yield return new(name, value);
        }

        if (_cursor is not null)
        {
            yield return new("Teal-Event-Id", _cursor);
            yield return new("Teal-Cursor", _cursor);
        }

        yield return new("Teal-Attempt", attempt.ToString(CultureInfo.InvariantCulture));
        yield return new("Connection", "close");
    }
}
