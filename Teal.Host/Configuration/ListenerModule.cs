using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Listener;

namespace Teal.Host.Configuration;

/// <summary>The public side.</summary>
internal sealed class ListenerModule : Module
{
    public override string Name => "Listener";

    public override bool HasPages => true;

    public override BindAddress AddressOf(TealOptions options) => options.ListenerAddress;

    public override PublicUrl? PublicUrlOf(TealOptions options) => options.Listener.PublicUrl;

    // Half at most, and never more than it may by its own settings.
    public override int PlacesOf(int limit, TealOptions options) => Math.Min(limit / 2, options.Http.MaximumConnections);

    public override void AddServices(IServiceCollection services, TealOptions options) => services.AddTealListener(options.Listener);

    public override void Reload(IServiceProvider services, TealOptions options) =>
        services.GetRequiredService<Live<ListenerOptions>>().Replace(options.Listener);

    public override void UseBeforeRouting(IApplicationBuilder app) => app.UseTealListener();

    public override void Map(IEndpointRouteBuilder routes) => routes.MapTealListener();
}
