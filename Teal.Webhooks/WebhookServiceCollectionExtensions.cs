using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Configuration;
using Teal.Webhooks.Directory;
using Teal.Webhooks.Intake;
using Teal.Webhooks.Management;

namespace Teal.Webhooks;

/// <summary>What webhooks are made of.</summary>
public static class WebhookServiceCollectionExtensions
{
    /// <summary>Adds webhooks. They need an <c>IRecordStore</c>, an <c>IEventJournal</c> and a <c>TimeProvider</c> beside them.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">The settings.</param>
    /// <param name="listenerUrl">
    /// The listener's address as the outside sees it, without a slash at its end; called once the server runs.
    /// </param>
    public static IServiceCollection AddTealWebhooks(this IServiceCollection services, WebhookOptions options, Func<string> listenerUrl) =>
        services.AddSingleton(new Live<WebhookOptions>(options)).AddSingleton(new WebhookAddresses(listenerUrl))
            .AddSingleton<WebhookDirectory>().AddSingleton<WebhookService>().AddSingleton<WebhookQuota>().AddSingleton<Deliveries>();
}
