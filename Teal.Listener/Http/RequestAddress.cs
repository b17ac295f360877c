using System.Net;
using Microsoft.AspNetCore.Http;

namespace Teal.Listener.Http;

/// <summary>The address under which the end user's browser, or the sender of a webhook, sees the listener.</summary>
internal static class RequestAddress
{
    /// <summary>
    /// Scheme, host, port and path prefix, without a slash at the end: the configured public URL, else the request's own, as
    /// trusted proxies forwarded it.
    /// </summary>
    public static string BaseUrl(HttpContext context, ListenerOptions options)
    {
        if (options.PublicUrl is { } url) return url.Base;

        var request = context.Request;
        return $"{request.Scheme}://{(request.Host.HasValue ? request.Host.Value : LocalAddress(context.Connection))}{request.PathBase.ToUriComponent()}";
    }

    /// <summary>What stands in front of the listener's own paths, as the outside sees them; empty: nothing.</summary>
    public static string PathPrefix(HttpContext context, ListenerOptions options) =>
        options.PublicUrl?.PathPrefix ?? context.Request.PathBase.ToUriComponent();

    // HTTP/1.0 knows no Host header.
    private static string LocalAddress(ConnectionInfo connection)
    {
        // A socket for both families shows IPv4 addresses in IPv6 form; an end point writes an IPv6 one in brackets.
        var address = connection.LocalIpAddress ?? IPAddress.Loopback;
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, connection.LocalPort).ToString();
    }
}
