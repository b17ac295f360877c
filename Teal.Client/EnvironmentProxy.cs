using System.Globalization;
using System.Net;

namespace Teal.Client;

/// <summary>
/// The proxy that the environment names (<c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c>, <c>ALL_PROXY</c>), and what <c>NO_PROXY</c> excepts from
/// it, read as curl reads it: <c>*</c> is everything, a name stands for its subdomains too, and a network such as <c>10.0.0.0/8</c> for its
/// addresses. .NET reads names and addresses alone.
/// </summary>
/// <param name="proxy">What .NET has read.</param>
/// <param name="exceptions">The value of <c>NO_PROXY</c>; null: none.</param>
internal sealed class EnvironmentProxy(IWebProxy proxy, string? exceptions) : IWebProxy
{
    private readonly string[] _exceptions =
        (exceptions ?? "").Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    /// <summary>That of this process.</summary>
    public static EnvironmentProxy Read() =>
        new(HttpClient.DefaultProxy, Environment.GetEnvironmentVariable("no_proxy") ?? Environment.GetEnvironmentVariable("NO_PROXY"));

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : proxy.GetProxy(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => _exceptions.Any(exception => Covers(exception, host)) || proxy.IsBypassed(host);

    private static bool Covers(string exception, Uri url)
    {
        if (exception == "*") return true;
        var bare = exception.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        if (IPNetwork.TryParse(bare, out var network))
            return IPAddress.TryParse(url.Host, out var inNetwork) && network.Contains(inNetwork);

        var (host, port) = Split(exception);
        if (port is not null && port != url.Port) return false;
        if (IPAddress.TryParse(host, out var address)) return IPAddress.TryParse(url.Host, out var own) && own.Equals(address);

        var name = host.TrimStart('*').Trim('.');
        var asked = url.IdnHost.TrimEnd('.');
        return name.Length > 0
            && (asked.Equals(name, StringComparison.OrdinalIgnoreCase) || asked.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase));
    }

    // A port behind the host, and no other colon.
    private static (string Host, int? Port) Split(string exception)
    {
        var colon = exception.LastIndexOf(':');
        var isPort = colon > 0 && (exception.IndexOf(':') == colon || exception[colon - 1] == ']')
            && int.TryParse(exception.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return isPort ? (exception[..colon], int.Parse(exception.AsSpan(colon + 1), CultureInfo.InvariantCulture)) : (exception, null);
    }
}
