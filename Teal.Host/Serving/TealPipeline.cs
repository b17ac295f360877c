using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>The web server's bounds, and the way of a request to its module.</summary>
internal static class TealPipeline
{
    // How much of bodies that nobody has read yet may wait for each connection of HTTP/2, in bytes; the least that RFC 9113 has.
    private const int Http2WindowSize = 64 * 1024;

    private static readonly TimeSpan BodyGracePeriod = TimeSpan.FromSeconds(5);

    /// <summary>Has the server listen, within the configured bounds.</summary>
    public static void ConfigureTeal(this KestrelServerOptions kestrel, TealOptions options, IReadOnlyList<ModuleEndpoint> endpoints)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = HeaderEncoding.Select;
        kestrel.Limits.MaxRequestLineSize = options.Http.MaximumRequestLineSize;
        kestrel.Limits.MaxRequestHeadersTotalSize = options.Http.MaximumHeaderSize;
        kestrel.Limits.MaxRequestBodySize = options.Listener.MaximumBodySize;

        // For connections with TLS or of HTTP/2, and the least that the web server takes; the others have SocketBuffers.
        kestrel.Limits.MaxRequestBufferSize = Math.Max(options.Http.MaximumRequestLineSize, options.Http.MaximumHeaderSize);
        kestrel.Limits.RequestHeadersTimeout = options.Http.HeaderTimeout;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(options.Http.MinimumBodyRate, BodyGracePeriod);

        // Of HTTP/2 the web server would end the connection for one answer that is read too slowly, and with it the others.
        // UnderWayMiddleware has the limit for HTTP/1.1.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.KeepAliveTimeout = options.Http.KeepAliveTimeout;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = options.Http.MaximumRequestLineSize;
        kestrel.Limits.Http2.InitialConnectionWindowSize = Http2WindowSize;
        kestrel.Limits.Http2.InitialStreamWindowSize = Http2WindowSize;
        foreach (var endpoint in endpoints)
            endpoint.Listen(kestrel, ActivatorUtilities.CreateInstance<EndpointConnections>(kestrel.ApplicationServices, endpoint));
        kestrel.ApplicationServices.GetRequiredService<AdministrationEndpoint>().Listen(kestrel);
    }

    /// <summary>What a request passes, from the outside in.</summary>
    public static void UseTeal(this IApplicationBuilder app, TealOptions options, IReadOnlyList<ModuleEndpoint> endpoints)
    {
        app.UseMiddleware<UnderWayMiddleware>();
        app.UseMiddleware<RequestIdMiddleware>();
        app.UseMiddleware<FaultMiddleware>();
        app.UseMiddleware<InvalidTargetMiddleware>();
        app.UseProxyHeaders(options);
        var administration = app.ApplicationServices.GetRequiredService<AdministrationEndpoint>().Endpoint;
        foreach (var endpoint in endpoints.Append(administration).OfType<ModuleEndpoint>())
            app.MapWhen(context => context.Features.Get<ModuleEndpoint>() == endpoint, branch => branch.UseModules(endpoint.Modules));
    }

    private static void UseModules(this IApplicationBuilder app, IReadOnlyList<Module> modules)
    {
        foreach (var module in modules) module.UseBeforeRouting(app);
        app.UseRouting();
        foreach (var module in modules) module.UseBehindRouting(app);
        app.UseEndpoints(routes =>
        {
            routes.MapHealth();
            foreach (var module in modules) module.Map(routes);
        });
    }
}
