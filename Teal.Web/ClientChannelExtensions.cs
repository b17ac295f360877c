using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Configuration;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Web.Door;
using Teal.Web.Sessions;
using Teal.Web.Streams;
using Teal.Web.WebSockets;

namespace Teal.Web;

/// <summary>What modules need whose clients stay connected.</summary>
public static class ClientChannelExtensions
{
    /// <summary>
    /// Adds the door, and the channels behind it. Each <see cref="IClientProtocol"/> among the services is spoken on them. They need an
    /// <see cref="IAuthenticator"/> beside them.
    /// </summary>
    public static IServiceCollection AddTealClientChannels(this IServiceCollection services, DoorOptions door, ChannelOptions channels)
    {
        services.AddSingleton(new Live<DoorOptions>(door)).AddSingleton<Doorkeeper>().AddSingleton<OriginPolicy>().AddSingleton<Entrance>();
        services.AddSingleton(channels).AddSingleton<SendBudget>().AddSingleton<Outbox>().AddSingleton<ChannelServices>();
        services.AddSingleton<ChannelTable>().AddSingleton<IDrainStep>(static provider => provider.GetRequiredService<ChannelTable>());
        services.AddSingleton<IDrainStep, DrainingNotice>().AddHostedService<KeepAlive>().AddHostedService<IdentityWatch>();
        return services.AddSingleton<WebSocketEndpoint>().AddSingleton<EventStreamEndpoint>();
    }

    /// <summary>Adds what a websocket needs on each network connection, before the web server.</summary>
    public static IConnectionBuilder UseTealWebSockets(this IConnectionBuilder connections) =>
        connections.Use(static next => connection => ConnectionHandover.RunAsync(connection, next));

    /// <summary>Maps the channels' addresses (specification 3.2).</summary>
    public static IEndpointRouteBuilder MapTealClientChannels(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(
            WebSocketEndpoint.Path, [HttpMethods.Get], routes.ServiceProvider.GetRequiredService<WebSocketEndpoint>().HandleAsync);
        return routes;
    }

    /// <summary>
    /// Maps an address whose answers are event streams (<c>text/event-stream</c>), each of them a channel: GET and HEAD.
    /// </summary>
    /// <param name="routes">Where to.</param>
    /// <param name="path">The address.</param>
    /// <param name="read">
    /// Reads what a client that was let in asks for, in its query and headers; null: it has answered the client itself, as that asks for
    /// what there is not.
    /// </param>
    public static IEndpointConventionBuilder MapEventStream(
        this IEndpointRouteBuilder routes, string path, Func<HttpContext, Identity, ValueTask<EventStreamRequest?>> read)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<EventStreamEndpoint>();
        return routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], context => endpoint.HandleAsync(context, read));
    }
}
