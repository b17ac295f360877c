namespace Teal.Core.Addresses;

/// <summary>The address of a module as the outside sees it: scheme, host, port and an optional path prefix.</summary>
public sealed class PublicUrl
{
    private PublicUrl(HttpUrl url)
    {
        Base = url.Text.TrimEnd('/');
        PathPrefix = url.Rest.TrimEnd('/').ToString();
        IsHttps = url.IsHttps;
        Authority = Base[(Base.IndexOf("//", StringComparison.Ordinal) + 2)..];
    }

    /// <summary>The URL without a slash at its end; a path that begins with a slash makes it whole.</summary>
    public string Base { get; }

    /// <summary>The path prefix, as in <c>/teal</c>; empty: none.</summary>
    public string PathPrefix { get; }

    /// <summary>Whether the scheme is https.</summary>
    public bool IsHttps { get; }

    /// <summary>All behind the scheme's <c>//</c>: host, port and path prefix.</summary>
    private string Authority { get; }

    /// <summary>The same address for websockets: <c>ws</c> for http, <c>wss</c> for https.</summary>
    public string WebSocketBase => (IsHttps ? "wss://" : "ws://") + Authority;

    /// <summary>Reads <paramref name="text"/>; the <paramref name="fault"/> ends a sentence that begins with the setting's name.</summary>
    public static bool TryParse(string text, out PublicUrl? url, out string? fault)
    {
        url = null;
        if (!HttpUrl.TryParse(text, out var parsed, out fault)) return false;

        fault = parsed!.HasUserInfo ? "must not hold a user name or password, it is shown to everybody"
            : parsed.Rest.ContainsAny('?', '#') ? "must not have a query or a fragment" : null;
        if (fault is null) url = new PublicUrl(parsed);
        return fault is null;
    }

    /// <inheritdoc/>
    public override string ToString() => Base;
}
