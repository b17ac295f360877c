namespace Teal.Core.Addresses;

/// <summary>A host, or with <c>*.</c> in front all hosts below it.</summary>
public sealed record HostPattern
{
    private readonly string _host;
    private readonly bool _isBelow;

    private HostPattern(string host, bool isBelow)
    {
        _host = host;
        _isBelow = isBelow;
    }

    /// <summary>Reads <c>example.org</c> or <c>*.example.org</c>; null: it is neither.</summary>
    public static HostPattern? Parse(string text)
    {
        var isBelow = text.StartsWith("*.", StringComparison.Ordinal);
        var host = isBelow ? text[2..] : text;
        return HttpUrl.TryParse($"https://{host}", out var url, out _) && url!.Rest.IsEmpty && url.Host == host
            ? new HostPattern(url.AsciiHost.TrimEnd('.'), isBelow) : null;
    }

    /// <summary>Whether the URL's host is one of these, in any case and with or without a dot at its end.</summary>
    public bool Matches(HttpUrl url)
    {
        var host = url.AsciiHost.TrimEnd('.');
        return _isBelow
            ? host.Length > _host.Length + 1 && host.EndsWith($".{_host}", StringComparison.OrdinalIgnoreCase)
            : host.Equals(_host, StringComparison.OrdinalIgnoreCase);
    }
}
