namespace Teal.Listener.Http;

/// <summary>
/// The path and the query of a request as they stood in its request line, undecoded. Where a target has no <c>?</c> and has a
/// <c>&amp;</c>, the first <c>&amp;</c> counts as one (specification 2.1, alternative separator). A feature of the request,
/// which the middleware sets for the endpoints.
/// </summary>
internal sealed class RequestTarget
{
    private readonly int _pathLength;

    // Where the fragment begins, or the text ends. No target has one (RFC 9112 section 3.2), but some senders send it.
    private readonly int _fragmentStart;

    private RequestTarget(string text, int pathLength, int fragmentStart, bool hasAlternativeSeparator)
    {
        Text = text;
        _pathLength = pathLength;
        _fragmentStart = fragmentStart;
        HasAlternativeSeparator = hasAlternativeSeparator;
    }

    /// <summary>Path, query and fragment, with <c>?</c> behind the path where there is a separator.</summary>
    public string Text { get; }

    /// <summary>The path, undecoded.</summary>
    public ReadOnlySpan<char> Path => Text.AsSpan(0, _pathLength);

    /// <summary>What stands behind the separator and in front of a <c>#</c>; empty: nothing, or no separator.</summary>
    public ReadOnlyMemory<char> Query => _pathLength < _fragmentStart ? Text.AsMemory((_pathLength + 1).._fragmentStart) : default;

    /// <summary>Whether the separator is a <c>&amp;</c>.</summary>
    public bool HasAlternativeSeparator { get; }

    /// <summary>Whether there is a <c>#</c>.</summary>
    public bool HasFragment => _fragmentStart < Text.Length;

    /// <summary>Splits a target in origin form or absolute form (RFC 9112 section 3.2). Takes any text.</summary>
    public static RequestTarget Parse(string rawTarget)
    {
        var text = rawTarget[StartOfPath(rawTarget)..];
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var end = hash < 0 ? text.Length : hash;
        var separator = text.AsSpan(0, end).IndexOf('?');
        if (separator >= 0) return new RequestTarget(text, separator, end, false);

        separator = text.AsSpan(0, end).IndexOf('&');
        return separator < 0
            ? new RequestTarget(text, end, end, false)
            : new RequestTarget($"{text.AsSpan(0, separator)}?{text.AsSpan(separator + 1)}", separator, end, true);
    }

    /// <summary>The same without the first characters of its path.</summary>
    public RequestTarget WithoutPrefix(int length) =>
        new(Text[length..], _pathLength - length, _fragmentStart - length, HasAlternativeSeparator);

    /// <summary>The same with further parameters behind those of its query.</summary>
    public RequestTarget WithParameters(ReadOnlySpan<char> parameters)
    {
        var separator = _pathLength == _fragmentStart ? "?" : Query.IsEmpty ? "" : "&";
        var text = $"{Text.AsSpan(0, _fragmentStart)}{separator}{parameters}{Text.AsSpan(_fragmentStart)}";
        return new RequestTarget(text, _pathLength, _fragmentStart + separator.Length + parameters.Length, HasAlternativeSeparator);
    }

    private static int StartOfPath(string rawTarget)
    {
        if (rawTarget.StartsWith('/')) return 0;

        var scheme = rawTarget.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return 0;

        var end = rawTarget.AsSpan(scheme + 3).IndexOfAny("/?&#");
        return end < 0 ? rawTarget.Length : scheme + 3 + end;
    }
}
