using Microsoft.Extensions.DependencyInjection;
using Teal.Api.Audit;
using Teal.Api.Http;
using Teal.Api.Purge;
using Teal.Api.Status;

namespace Teal.Api;

/// <summary>What the API is made of.</summary>
public static class ApiServiceCollectionExtensions
{
    /// <summary>
    /// Adds the API. It needs an <c>IJournalPurge</c>, an <see cref="IServerStatus"/> and a <c>TimeProvider</c> beside it; without a door
    /// it lets in only who is known by where he arrived.
    /// </summary>
    public static IServiceCollection AddTealApi(this IServiceCollection services, ApiOptions options)
    {
        services.AddSingleton(options).AddSingleton<ApiEndpoint>().AddSingleton<AuditLog>();
        return services.AddSingleton<IApiResource, StatusResource>().AddSingleton<IApiResource, PurgeResource>();
    }
}
