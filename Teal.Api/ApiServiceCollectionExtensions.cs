using Microsoft.Extensions.DependencyInjection;
using Teal.Api.Accounts;
using Teal.Api.Audit;
using Teal.Api.Connections;
using Teal.Api.Description;
using Teal.Api.Http;
using Teal.Api.Keys;
using Teal.Api.OneTimePasswords;
using Teal.Api.Purge;
using Teal.Api.Status;
using Teal.Api.Tickets;
using Teal.Api.Webhooks;

namespace Teal.Api;

/// <summary>What the API is made of.</summary>
public static class ApiServiceCollectionExtensions
{
    /// <summary>
    /// Adds the API. It needs the accounts, webhooks, an <c>IJournalPurge</c>, an <see cref="IServerStatus"/> and a <c>TimeProvider</c>
    /// beside it; without a door it lets in only who is known by where he arrived.
    /// </summary>
    public static IServiceCollection AddTealApi(this IServiceCollection services, ApiOptions options)
    {
        services.AddSingleton(options).AddSingleton<ApiDoor>().AddSingleton<ApiEndpoint>().AddSingleton<AuditLog>();
        services.AddSingleton<IApiResource, DescriptionResource>();
        services.AddSingleton<IApiResource, AccountResource>().AddSingleton<IApiResource, ConnectionResource>();
        services.AddSingleton<IApiResource, StatusResource>().AddSingleton<IApiResource, PurgeResource>();
        services.AddSingleton<IApiResource, WebhookResource>();
        services.AddSingleton<IApiResource, KeyResource>().AddSingleton<IApiResource, OneTimePasswordResource>();
        return services.AddSingleton<TicketResource>()
            .AddSingleton<IApiResource>(static provider => provider.GetRequiredService<TicketResource>());
    }
}
