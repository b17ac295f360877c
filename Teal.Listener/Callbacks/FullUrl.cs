namespace Teal.Listener.Callbacks;

/// <summary>
/// The URL that the fragment page saw in the browser's address bar, kept as it was given, but for an alternative separator
/// (specification 2.1).
/// </summary>
/// <param name="Text">The URL, with <c>?</c> in front of its query.</param>
/// <param name="Query">Its query, undecoded; empty: there is none.</param>
/// <param name="State">That of its query, else of its fragment; null: none.</param>
internal readonly record struct FullUrl(string Text, string Query, string? State)
{
    /// <summary>Whether its query or its fragment tells an error.</summary>
    public bool TellsError =>
        StateParameter.TellsError(Query)
        || (Text.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash && StateParameter.TellsError(Text.AsSpan(hash + 1)));

    /// <summary>Takes any text, absolute or not.</summary>
    public static FullUrl Parse(string text)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var fragmentStart = hash < 0 ? text.Length : hash;
        var target = text.AsSpan(0, fragmentStart);
        var separator = target.IndexOf('?');
        if (separator < 0)
        {
            separator = target.IndexOf('&');
            if (separator >= 0) text = $"{text.AsSpan(0, separator)}?{text.AsSpan(separator + 1)}";
        }

        var query = separator < 0 ? "" : text[(separator + 1)..fragmentStart];
        var fragment = hash < 0 ? "" : text.AsSpan(hash + 1);
        return new FullUrl(text, query, StateParameter.Find(query) ?? StateParameter.Find(fragment));
    }
}
