namespace Teal.Webhooks.Requests;

/// <summary>What a third party sent to a webhook, as it came: nothing is decoded, sorted or put together.</summary>
public sealed class WebhookRequest
{
    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The address as the sender wrote it: scheme, host, path and query. Behind a proxy it is the proxy's.</summary>
    public required string Url { get; init; }

    /// <summary>The headers in their order, those that are repeated as often as they came. A character is a byte (Latin-1).</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body's bytes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The path of <see cref="Url"/>, with its slash at the beginning.</summary>
    public ReadOnlySpan<char> Path
    {
        get
        {
            var (start, end) = (PathStart, QueryStart);
            return start < end ? Url.AsSpan(start, end - start) : "/";
        }
    }

    /// <summary>The query of <see cref="Url"/>, without its question mark; empty where there is none.</summary>
    public ReadOnlySpan<char> Query => QueryStart < Url.Length ? Url.AsSpan(QueryStart + 1) : default;

    private int QueryStart => Url.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? at : Url.Length;

    private int PathStart
    {
        get
        {
            var host = Url.IndexOf("://", StringComparison.Ordinal) is var at and >= 0 ? at + 3 : 0;
            return Url.IndexOf('/', host) is var path and >= 0 ? path : Url.Length;
        }
    }

    /// <summary>The header of that name, in any case; null: it is missing, or there more than once.</summary>
    public string? Header(string name)
    {
        string? found = null;
        foreach (var (key, value) in Headers)
        {
            if (!key.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            if (found is not null) return null;

            found = value;
        }

        return found;
    }

    /// <summary>All headers of that name, in any case, in their order.</summary>
    public IEnumerable<string> HeadersOf(string name) =>
        from header in Headers where header.Key.Equals(name, StringComparison.OrdinalIgnoreCase) select header.Value;

    /// <summary>Nothing: what came may be secret, and has no place in a log.</summary>
    public override string ToString() => nameof(WebhookRequest);
}
