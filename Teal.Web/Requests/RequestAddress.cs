using System.Net;
using Microsoft.AspNetCore.Http;
using Teal.Core.Addresses;

namespace Teal.Web.Requests;

/// <summary>
/// The address under which whoever sent a request sees the module: the configured public URL, else the request's own, as trusted
/// proxies forwarded it.
/// </summary>
public static class RequestAddress
{
    /// <summary>Scheme, host, port and path prefix, without a slash at the end.</summary>
    /// <param name="context">The request.</param>
    /// <param name="publicUrl">The module's public URL; null: none is configured.</param>
    public static string BaseUrl(HttpContext context, PublicUrl? publicUrl) =>
        publicUrl?.Base ?? Own(context.Request, context.Request.Scheme);

    /// <summary>The same for websockets: <c>ws</c> for http, <c>wss</c> for https.</summary>
    /// <param name="context">The request.</param>
    /// <param name="publicUrl">The module's public URL; null: none is configured.</param>
    public static string WebSocketBase(HttpContext context, PublicUrl? publicUrl) =>
        publicUrl?.WebSocketBase ?? Own(context.Request, context.Request.IsHttps ? "wss" : "ws");

    /// <summary>What stands in front of the module's own paths, as the outside sees them; empty: nothing.</summary>
    /// <param name="context">The request.</param>
    /// <param name="publicUrl">The module's public URL; null: none is configured.</param>
    public static string PathPrefix(HttpContext context, PublicUrl? publicUrl) =>
        publicUrl?.PathPrefix ?? context.Request.PathBase.ToUriComponent();

    // HTTP/1.0 knows no Host header.
    private static string Own(HttpRequest request, string scheme)
    {
        var host = request.Host.HasValue ? request.Host.Value : LocalAddress(request.HttpContext.Connection);
        return $"{scheme}://{host}{request.PathBase.ToUriComponent()}";
    }

    private static string LocalAddress(ConnectionInfo connection)
    {
        // A socket for both families shows IPv4 addresses in IPv6 form; an end point writes an IPv6 one in brackets.
        var address = connection.LocalIpAddress ?? IPAddress.Loopback;
        return new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, connection.LocalPort).ToString();
    }
}
