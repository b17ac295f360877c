using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>What proxies say about the request that they pass on, believed from trusted ones only.</summary>
internal static class ProxyHeaders
{
    /// <summary>Adds what gives a request the scheme, host, prefix and client's address that trusted proxies tell.</summary>
    public static void UseProxyHeaders(this IApplicationBuilder app, TealOptions options)
    {
        app.UseMiddleware<UntrustedProxyMiddleware>();
        if (options.TrustedProxies.Count == 0) return;

        // How the request was addressed is the nearest proxy's to say: where it names no client, a second value would be the client's own.
        app.UseForwardedHeaders(
            From(options, ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedPrefix, 1));
        app.Use(static (context, next) =>
        {
            // Both become part of URLs that programs open.
            context.Request.Scheme = context.Request.Scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase)
                ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;

            // As browsers have it.
            if (context.Request.Host.Value is { } host && host.AsSpan().ContainsAnyInRange('A', 'Z'))
                context.Request.Host = new HostString(host.ToLowerInvariant());
            if (context.Request.PathBase.Value!.Trim('/') is { Length: > 0 } prefix) context.Request.PathBase = $"/{prefix}";
            else context.Request.PathBase = default;
            return next(context);
        });

        // The client is the last one that no trusted proxy is.
        app.UseForwardedHeaders(From(options, ForwardedHeaders.XForwardedFor, null));
    }

    private static ForwardedHeadersOptions From(TealOptions options, ForwardedHeaders headers, int? limit)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = headers, ForwardLimit = limit };
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var network in options.TrustedProxies) forwarded.KnownIPNetworks.Add(network);
        return forwarded;
    }
}
