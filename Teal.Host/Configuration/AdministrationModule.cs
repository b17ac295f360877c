using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Teal.Api;
using Teal.Core.Addresses;

namespace Teal.Host.Configuration;

/// <summary><see cref="Module.Administration"/>: the API alone.</summary>
internal sealed class AdministrationModule : Module
{
    public override string Name => "Administration";

    // It is where the data folder is, which nobody configures for itself.
    public override BindAddress AddressOf(TealOptions options) => throw new NotSupportedException();

    public override PublicUrl? PublicUrlOf(TealOptions options) => null;

    public override int PlacesOf(int limit, TealOptions options) => limit;

    public override void AddServices(IServiceCollection services, TealOptions options)
    {
    }

    public override void Map(IEndpointRouteBuilder routes) => routes.MapTealApi();
}
