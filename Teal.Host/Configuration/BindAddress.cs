using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Teal.Core.Addresses;

namespace Teal.Host.Configuration;

/// <summary>Where a module listens: <c>localhost</c>, an IP address, or <c>*</c> for all of them, and a port; or a Unix socket.</summary>
/// <param name="Host">As written; an IPv6 address in its brackets; a socket as <c>unix:/path</c>.</param>
/// <param name="Port">0: any free one; -1: a socket has none.</param>
internal sealed record BindAddress(string Host, int Port)
{
    private const string SocketScheme = "unix:";

    // What the operating system takes.
    private const int LongestSocketPath = 107;

    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback =>
        SocketPath is not null || Host == "localhost"
        || (IPAddress.TryParse(Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>The path of the Unix socket; null: it is none.</summary>
    public string? SocketPath => Host.StartsWith(SocketScheme, StringComparison.Ordinal) ? Host[SocketScheme.Length..] : null;

    /// <summary>The address as it was given.</summary>
    public string Text => SocketPath is null ? $"http://{Host}:{Port.ToString(CultureInfo.InvariantCulture)}" : $"http://{Host}";

    /// <summary>Which of this machine's addresses that is where it is not one alone; null: it is one.</summary>
    public string? Range => Host switch
    {
        "*" or "[::]" => "all addresses of this machine",
        "0.0.0.0" => "all IPv4 addresses of this machine",
        _ => null,
    };

    /// <summary>The same address for somebody on this machine. A socket has none; what is asked there says its own.</summary>
    public string Url =>
        SocketPath is not null
            ? "http://localhost"
            : $"http://{(Range is null ? Host : "localhost")}:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reads <paramref name="text"/>; on failure the <paramref name="fault"/> ends a sentence that begins with the key.</summary>
    public static bool TryParse(string text, out BindAddress? address, out string? fault)
    {
        address = null;
        if (text.StartsWith("http://" + SocketScheme, StringComparison.OrdinalIgnoreCase))
            return TryParseSocket(text["http://".Length..], out address, out fault);

        var wildcard = text.StartsWith("http://*", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("http://+", StringComparison.OrdinalIgnoreCase);
        var readable = wildcard ? $"http://0.0.0.0{text.AsSpan("http://*".Length)}" : text;
        if (!HttpUrl.TryParse(readable, out var url, out fault)) return false;

        fault = url!.IsHttps ? "must start with http://; a reverse proxy in front does TLS"
            : url.HasUserInfo || url.Rest.Trim('/').Length > 0 ? "must be scheme, host and port only; a path prefix belongs into PublicUrl"
            : !IsBindable(url.Host) ? "must have localhost, an IP address or * as its host" : null;
        if (fault is null) address = new BindAddress(wildcard ? "*" : url.Host.ToLowerInvariant(), url.Port ?? 80);
        return fault is null;
    }

    /// <summary>Has the web server listen there.</summary>
    public void Listen(KestrelServerOptions kestrel, Action<ListenOptions> configure)
    {
        if (SocketPath is { } path) kestrel.ListenUnixSocket(path, configure);
        else if (Host == "localhost" && Port != 0) kestrel.ListenLocalhost(Port, configure);
        else if (Host == "*") kestrel.ListenAnyIP(Port, configure);
        else kestrel.Listen(Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host.Trim('[', ']')), Port, configure);
    }

    private static bool TryParseSocket(string host, out BindAddress? address, out string? fault)
    {
        var path = host[SocketScheme.Length..];
        fault = !path.StartsWith('/') ? "must have an absolute path behind http://unix:"
            : Encoding.UTF8.GetByteCount(path) > LongestSocketPath
                ? $"must have a path of at most {LongestSocketPath} bytes behind http://unix:" : null;
        address = fault is null ? new BindAddress(SocketScheme + path, -1) : null;
        return fault is null;
    }

    private static bool IsBindable(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _);
}
