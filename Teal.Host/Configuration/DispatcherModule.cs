using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Teal.Api;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Dispatcher;
using Teal.Web;
using Teal.Web.Door;

namespace Teal.Host.Configuration;

/// <summary>The side that programs connect to.</summary>
internal sealed class DispatcherModule : Module
{
    public override string Name => "Dispatcher";

    public override BindAddress AddressOf(TealOptions options) => options.DispatcherAddress;

    public override PublicUrl? PublicUrlOf(TealOptions options) => options.Dispatcher.Door.PublicUrl;

    // It has the websockets: all but an eighth.
    public override int PlacesOf(int limit, TealOptions options) => limit - (limit / 8);

    public override void AddServices(IServiceCollection services, TealOptions options) => services.AddTealDispatcher(options.Dispatcher);

    public override void Reload(IServiceProvider services, TealOptions options) =>
        services.GetRequiredService<Live<DoorOptions>>().Replace(options.Dispatcher.Door);

    public override void UseOnConnections(IConnectionBuilder connections) => connections.UseTealWebSockets();

    public override void UseBehindRouting(IApplicationBuilder app) => app.UseTealDispatcher();

    public override void Map(IEndpointRouteBuilder routes) => routes.MapTealDispatcher().MapTealApiWithTickets();
}
