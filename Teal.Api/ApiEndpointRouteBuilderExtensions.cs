using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Teal.Api.Http;
using Teal.Api.Tickets;

namespace Teal.Api;

/// <summary>Where the API is.</summary>
public static class ApiEndpointRouteBuilderExtensions
{
    /// <summary>What all its paths begin with.</summary>
    public const string Prefix = "/api/v1";

    /// <summary>Maps the API, and the address of tickets beside the websocket (specification 10).</summary>
    public static IEndpointRouteBuilder MapTealApiWithTickets(this IEndpointRouteBuilder routes)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<ApiEndpoint>();
        var tickets = routes.ServiceProvider.GetRequiredService<TicketResource>().ForWebSockets;
        routes.Map(tickets.Path, context => endpoint.HandleAsync(context, [tickets]));
        return routes.MapTealApi();
    }

    /// <summary>Maps the API (specification 10).</summary>
    public static IEndpointRouteBuilder MapTealApi(this IEndpointRouteBuilder routes)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<ApiEndpoint>();
        var all = routes.ServiceProvider.GetServices<IApiResource>().SelectMany(static resource => resource.Routes);
        foreach (var path in all.GroupBy(static route => route.Path))
        {
            ApiRoute[] methods = [.. path];
            routes.Map(Prefix + path.Key, context => endpoint.HandleAsync(context, methods));
        }

        routes.Map(Prefix + "/{**rest}", context => endpoint.HandleAsync(context, []));
        return routes;
    }
}
