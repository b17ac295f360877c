using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>Looks modules up among the addresses of a process.</summary>
internal static class ModuleEndpointExtensions
{
    /// <summary>Where a module is: as it listens in this process, else as it is configured.</summary>
    public static BindAddress AddressOf(this IReadOnlyList<ModuleEndpoint> endpoints, Module module, TealOptions options) =>
        endpoints.FirstOrDefault(endpoint => endpoint.Modules.Contains(module))?.Address ?? module.AddressOf(options);
}
