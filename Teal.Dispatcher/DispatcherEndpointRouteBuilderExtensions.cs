using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Teal.Dispatcher.Metadata;
using Teal.Web;

namespace Teal.Dispatcher;

/// <summary>Where the dispatcher's endpoints are.</summary>
public static class DispatcherEndpointRouteBuilderExtensions
{
    /// <summary>Adds what stands between routing and the dispatcher's endpoints.</summary>
    public static IApplicationBuilder UseTealDispatcher(this IApplicationBuilder app) => app.UseCors().UseWebSockets();

    /// <summary>Maps the dispatcher's endpoints (specification 3.1 and 3.2).</summary>
    public static IEndpointRouteBuilder MapTealDispatcher(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        routes.MapMethods(
            MetadataEndpoint.Path, [HttpMethods.Get, HttpMethods.Head], services.GetRequiredService<MetadataEndpoint>().HandleAsync)
            .RequireCors(static policy => policy.AllowAnyOrigin().AllowAnyHeader().WithMethods(HttpMethods.Get));
        return routes.MapTealClientChannels();
    }
}
