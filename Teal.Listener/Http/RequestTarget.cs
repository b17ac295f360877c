namespace Teal.Listener.Http;

/// <summary>
/// The path and the query of a request as they stood in its request line, undecoded. Where a target has no <c>?</c> and has a
/// <c>&amp;</c>, the first <c>&amp;</c> counts as one (specification 2.1, alternative separator). A feature of the request, which the middleware sets for the endpoints.
/// </summary>
internal sealed class RequestTarget
{
    private readonly int _pathLength;

    private RequestTarget(string text, int pathLength, bool hasAlternativeSeparator)
    {
        Text = text;
        _pathLength = pathLength;
        HasAlternativeSeparator = hasAlternativeSeparator;
    }

    /// <summary>Path and query, with <c>?</c> between them where there is a separator.</summary>
    public string Text { get; }

    /// <summary>The path, undecoded.</summary>
    public ReadOnlySpan<char> Path => Text.AsSpan(0, _pathLength);

    /// <summary>What stands behind the separator; empty: nothing, or no separator.</summary>
    public ReadOnlyMemory<char> Query => _pathLength < Text.Length ? Text.AsMemory(_pathLength + 1) : default;

    /// <summary>Whether the separator is a <c>&amp;</c>.</summary>
    public bool HasAlternativeSeparator { get; }

    /// <summary>Splits a target in origin form or absolute form (RFC 9112 section 3.2). Takes any text.</summary>
    public static RequestTarget Parse(string rawTarget)
    {
        var text = rawTarget[StartOfPath(rawTarget)..];
        var separator = text.IndexOf('?', StringComparison.Ordinal);
        if (separator >= 0) return new RequestTarget(text, separator, false);

        separator = text.IndexOf('&', StringComparison.Ordinal);
        return separator < 0
            ? new RequestTarget(text, text.Length, false)
            : new RequestTarget($"{text.AsSpan(0, separator)}?{text.AsSpan(separator + 1)}", separator, true);
    }

    /// <summary>The same without the first characters of its path.</summary>
    public RequestTarget WithoutPrefix(int length) => new(Text[length..], _pathLength - length, HasAlternativeSeparator);

    /// <summary>The same without the slashes at the end of its path, relative to itself (RFC 3986 section 5.2), so that it holds below any prefix.</summary>
    public string ToRelativeWithoutSlash()
    {
        var path = Path.TrimEnd('/');
        var up = string.Concat(Enumerable.Repeat("../", _pathLength - path.Length));
        return $"{up}{path[(path.LastIndexOf('/') + 1)..]}{Text.AsSpan(_pathLength)}";
    }

    private static int StartOfPath(string rawTarget)
    {
        if (rawTarget.StartsWith('/')) return 0;

        var scheme = rawTarget.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return 0;

        var end = rawTarget.AsSpan(scheme + 3).IndexOfAny('/', '?', '&');
        return end < 0 ? rawTarget.Length : scheme + 3 + end;
    }
}
