namespace Teal.Listener.Http;

/// <summary>
/// The path and the query of a request as they stood in its request line, undecoded. Where a target has no <c>?</c> and has a
/// <c>&amp;</c>, the first <c>&amp;</c> counts as one (specification 2.1, alternative separator).
/// </summary>
/// <param name="Path">The path, undecoded.</param>
/// <param name="Query">What stands behind the separator; empty: nothing, or no separator.</param>
/// <param name="HasQuery">Whether there is a separator.</param>
/// <param name="HasAlternativeSeparator">Whether the separator is a <c>&amp;</c>.</param>
internal readonly record struct RequestTarget(string Path, string Query, bool HasQuery, bool HasAlternativeSeparator)
{
    /// <summary>Splits a target in origin form or absolute form (RFC 9112 section 3.2). Takes any text.</summary>
    public static RequestTarget Parse(string rawTarget)
    {
        var start = StartOfPath(rawTarget);
        var separator = rawTarget.IndexOf('?', start);
        var alternative = separator < 0;
        if (alternative) separator = rawTarget.IndexOf('&', start);
        return separator < 0
            ? new RequestTarget(rawTarget[start..], "", false, false)
            : new RequestTarget(rawTarget[start..separator], rawTarget[(separator + 1)..], true, alternative);
    }

    /// <summary>Path and query again, with <c>?</c> between them.</summary>
    public override string ToString() => HasQuery ? $"{Path}?{Query}" : Path;

    private static int StartOfPath(string rawTarget)
    {
        if (rawTarget.StartsWith('/')) return 0;

        var scheme = rawTarget.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return 0;

        var end = rawTarget.AsSpan(scheme + 3).IndexOfAny('/', '?', '&');
        return end < 0 ? rawTarget.Length : scheme + 3 + end;
    }
}
