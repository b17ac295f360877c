using Microsoft.AspNetCore.Http;
using Teal.Core.Configuration;

namespace Teal.Web.Door;

/// <summary>
/// Which pages may connect (specification 8.3). Browsers let any page open a websocket anywhere, and send along what they hold for that
/// host; they tell the page's origin (RFC 6454), which other clients do not have.
/// </summary>
public sealed class OriginPolicy(Live<DoorOptions> options)
{
    // Counts from the start to the end.
    private readonly string? _publicHost = options.Now.PublicUrl is { } url ? HostOf(url.Base) : null;

    /// <summary>Whether a handshake comes from a page that may connect, or from no page at all.</summary>
    public bool Allows(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        var allowed = options.Now.AllowedOrigins;
        if (origins.Count == 0 || allowed.Contains("*")) return true;
        if (origins is not [{ } origin]) return false;
        if (allowed.Contains(origin)) return true;

        return HostOf(origin) is { Length: > 0 } host && (host == WithoutUsualPort(request.Host.Value ?? "") || host == _publicHost);
    }

    // Host and port of an http or https origin, in lower case; the scheme does not count, as a proxy in front may do TLS.
    private static string? HostOf(string origin)
    {
        var isHttp = origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || origin.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isHttp) return null;

        var rest = origin.AsSpan(origin.IndexOf("//", StringComparison.Ordinal) + 2);
        var end = rest.IndexOf('/');
        return WithoutUsualPort((end < 0 ? rest : rest[..end]).ToString());
    }

    // Browsers leave a scheme's own port out.
    private static string WithoutUsualPort(string host)
    {
        var lower = host.ToLowerInvariant();
        if (lower.EndsWith(":443", StringComparison.Ordinal)) return lower[..^4];
        return lower.EndsWith(":80", StringComparison.Ordinal) ? lower[..^3] : lower;
    }
}
