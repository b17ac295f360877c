using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Teal.Listener.Callbacks;
using Teal.Listener.Ciba;
using Teal.Listener.Http;
using Teal.Listener.Powens;
using Teal.Listener.Webhooks;
using Teal.Web.Pages;
using Teal.Webhooks.Directory;

namespace Teal.Listener;

/// <summary>Where the listener's endpoints are.</summary>
public static class ListenerEndpointRouteBuilderExtensions
{
    /// <summary>Adds what must see a request before routing does.</summary>
    public static IApplicationBuilder UseTealListener(this IApplicationBuilder app) => app.UseMiddleware<RequestTargetMiddleware>();

    /// <summary>Maps the listener's endpoints (specification 2).</summary>
    public static IEndpointRouteBuilder MapTealListener(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var intake = services.GetRequiredService<Intake>();
        var callbacks = services.GetRequiredService<CallbackEndpoint>();

        foreach (var path in (string[])[CallbackEndpoint.Path, CallbackEndpoint.ErrorPath])
        {
            routes.MapGetOnly(path, intake.Guard(callbacks.HandleAsync));
            routes.MapPost(path, intake.Guard(callbacks.HandleFormAsync));
        }

        routes.MapGetOnly("/raw-callback", intake.Guard(callbacks.HandleRawAsync));
        routes.MapPost(CibaEndpoint.Path, intake.Guard(services.GetRequiredService<CibaEndpoint>().HandleAsync));
        routes.MapPost("/powens-webhook/{domain}/{event}", intake.Guard(services.GetRequiredService<PowensWebhookEndpoint>().HandleAsync));
        routes.Map(WebhookAddresses.Prefix + "{**address}", intake.Guard(services.GetRequiredService<WebhookEndpoint>().HandleAsync));
        routes.MapGetOnly("/robots.txt", WellKnownFiles.RobotsAsync);
        routes.MapGetOnly("/favicon.ico", WellKnownFiles.FaviconAsync);
        return routes;
    }

    private static void MapGetOnly(this IEndpointRouteBuilder routes, string path, RequestDelegate handler) =>
        routes.MapMethods(path, [HttpMethods.Get], handler);
}
