using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Teal.Client.Forwarding;

/// <summary>Where requests are forwarded to.</summary>
public sealed class ForwardTarget
{
    private const string Example = "3000, 3000/hooks, localhost:3000 or https://localhost:3000/hooks";

    private ForwardTarget(Uri url) => Url = url;

    /// <summary>Its address, <c>http</c> or <c>https</c>.</summary>
    public Uri Url { get; }

    /// <summary>Reads a port, <c>PORT/PATH</c>, <c>HOST:PORT</c> with or without a path, or a URL.</summary>
    /// <param name="text">The text.</param>
    /// <param name="target">The target; null: the text is none.</param>
    /// <param name="fault">What it must be, in words that follow «must be»; null: nothing is wrong.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ForwardTarget? target, [NotNullWhen(false)] out string? fault)
    {
        target = null;
        fault = $"a port, a host with a port, or a URL: {Example}";
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? text : text[..slash];
        var isPort = ushort.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;
        var url = isPort ? $"http://localhost:{text}" : text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.Host.Length == 0)
            return false;

        if (parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0)
        {
            fault = "without a user, a password and a fragment";
            return false;
        }

        (target, fault) = (new ForwardTarget(parsed), null);
        return true;
    }

    /// <summary>
    /// The target of a request's line: the path as it is here, with the rest of the request's where that is wished, and both queries. Of a
    /// parameter that both have, this one's counts.
    /// </summary>
    /// <param name="target">Path and query of the request.</param>
    /// <param name="isAppended">Whether what stands behind the webhook's address in the request's path is appended.</param>
    internal string Join(string target, bool isAppended)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = mark < 0 ? (target, "") : (target[..mark], target[(mark + 1)..]);
        var joined = Url.AbsolutePath;
        if (isAppended && RestOf(path) is { Length: > 0 } rest) joined = joined.TrimEnd('/') + rest;

        var own = Url.Query.TrimStart('?');
        var names = own.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(NameOf).ToHashSet(StringComparer.Ordinal);
        if (names.Count > 0) query = string.Join('&', query.Split('&').Where(part => part.Length > 0 && !names.Contains(NameOf(part))));
        var both = own.Length == 0 ? query : query.Length == 0 ? own : $"{query}&{own}";
        return both.Length == 0 ? joined : $"{joined}?{both}";
    }

    /// <inheritdoc/>
    public override string ToString() => Url.AbsoluteUri;

    private static string NameOf(string parameter) => parameter.Split('=', 2)[0];

    // Behind /hook/ADDRESS.
    private static string RestOf(string path) => path.Split('/', 4) is [_, _, _, var rest] ? $"/{rest}" : "";
}
