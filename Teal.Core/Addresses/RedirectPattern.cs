using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Teal.Core.Addresses;

/// <summary>
/// Where browsers may be sent (specification 8.6): <c>https://app.example.org/*</c>, <c>http://localhost:*/*</c>,
/// <c>https://*.example.org/cb</c>. A <c>*.</c> in front of the host is every host below it, <c>*</c> in the place of the port is every
/// port, and <c>/*</c> at the end is every path below. Query and fragment may be any. What a browser could read in another way than this
/// class does not match.
/// </summary>
public sealed class RedirectPattern
{
    /// <summary>The longest text of a pattern, in characters.</summary>
    public const int MaximumLength = 1024;

    /// <summary>What a pattern must be, in words that follow «must be».</summary>
    public const string Form = "such as https://app.example.org/*, http://localhost:*/* or https://*.example.org/cb";

    private const string AnyPort = ":*", AnyPath = "/*";

    // Servers decode these in their own order, some of them twice, and may find another path than the one that was allowed.
    private static readonly SearchValues<string> Doubtful =
        SearchValues.Create(["%2e", "%2f", "%5c", "%25", "\\"], StringComparison.OrdinalIgnoreCase);

    private readonly bool _isHttps;
    private readonly HostPattern _host;
    private readonly int? _port;
    private readonly string _path;
    private readonly bool _isBelow;

    private RedirectPattern(string text, bool isHttps, HostPattern host, int? port, string path, bool isBelow)
    {
        (Text, _isHttps, _host, _port, _path, _isBelow) = (text, isHttps, host, port, path, isBelow);
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">What it says.</param>
    /// <param name="fault">What is wrong with it, in words that follow the name of what it is the value of. Null: nothing.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RedirectPattern? pattern, out string? fault)
    {
        pattern = null;
        fault = $"must have at most {MaximumLength} characters";
        if (text.Length > MaximumLength) return false;

        // A path has to be there: who leaves it out may mean the whole host, or its first page alone.
        var hostStart = text.IndexOf("//", StringComparison.Ordinal) + 2;
        var pathStart = hostStart < 2 ? -1 : text.IndexOf('/', hostStart);
        fault = $"must be a scheme, a host and a path, {Form}";
        if (pathStart < 0) return false;

        var authority = text[hostStart..pathStart];
        var hasAnyPort = authority.EndsWith(AnyPort, StringComparison.Ordinal);
        if (hasAnyPort) authority = authority[..^AnyPort.Length];
        var isBelowHost = authority.StartsWith("*.", StringComparison.Ordinal);
        if (isBelowHost) authority = authority[2..];
        var isBelow = text.EndsWith(AnyPath, StringComparison.Ordinal);
        var rest = isBelow ? text[pathStart..^1] : text[pathStart..];
        if (!HttpUrl.TryParse($"{text[..hostStart]}{authority}{rest}", out var url, out fault)) return false;

        fault = FaultOf(url!, hasAnyPort);
        if (fault is not null) return false;
        if (HostPattern.Parse(isBelowHost ? $"*.{url!.Host}" : url!.Host) is not { } host)
        {
            fault = $"must have a host, or *. and a host, {Form}";
            return false;
        }

        pattern = new RedirectPattern(text, url.IsHttps, host, hasAnyPort ? null : PortOf(url), url.AsciiPath, isBelow);
        return true;
    }

    /// <summary>Whether a browser may be sent there.</summary>
    public bool Matches(HttpUrl url) =>
        url.IsHttps == _isHttps
        && !url.HasUserInfo
        && (_port is null || _port == PortOf(url))
        && !HasDotAtEnd(url)
        && _host.Matches(url)
        && MatchesPath(url.AsciiPath);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static string? FaultOf(HttpUrl url, bool hasAnyPort) =>
        url.HasUserInfo ? "must have no user name or password: URLs with one match no pattern"
        : HasDotAtEnd(url) ? "must have no dot at the end of its host: URLs with one match no pattern"
        : hasAnyPort && url.Port is not null ? "must have one port, or * in its place"
        : url.Rest.ContainsAny('?', '#') ? "must have neither query nor fragment: both may be any"
        : url.Rest.Contains('*') ? "must have a * in its path at the end alone, behind a slash"
        : !IsPlain(url.Rest) ? "must have a path without dot segments, backslashes, and encoded dots, slashes and percent signs"
        : null;

    // Servers of many hosts may take it for one that they do not know, and show somebody else's.
    private static bool HasDotAtEnd(HttpUrl url) => url.AsciiHost.EndsWith('.');

    private static int PortOf(HttpUrl url) => url.Port ?? (url.IsHttps ? 443 : 80);

    // Below a whole host every path is right. Browsers read a backslash as a slash.
    private bool MatchesPath(string path) =>
        !_isBelow ? path == _path
        : path.StartsWith(_path, StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal)
            && (_path == "/" || IsPlain(path.AsSpan(_path.Length)));

    // Nothing that leads up again, to a browser or to a server. Some servers cut a segment at its semicolon.
    private static bool IsPlain(ReadOnlySpan<char> path)
    {
        if (path.ContainsAny(Doubtful)) return false;

        foreach (var segment in path.SplitAny("/;"))
        {
            if (path[segment] is "." or "..") return false;
        }

        return true;
    }
}
