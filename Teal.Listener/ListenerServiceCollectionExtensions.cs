using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Configuration;
using Teal.Core.Hosting;
using Teal.Core.Publishing;
using Teal.Listener.Callbacks;
using Teal.Listener.Ciba;
using Teal.Listener.Http;
using Teal.Listener.Powens;
using Teal.Listener.Webhooks;
using Teal.Web.Pages;

namespace Teal.Listener;

/// <summary>What the listener is made of.</summary>
public static class ListenerServiceCollectionExtensions
{
    /// <summary>
    /// Adds the listener. It needs an <c>EventPublisher</c>, an <c>ICallbackStateStore</c>, a <c>CibaRequestService</c>, webhooks and a
    /// <c>TimeProvider</c> beside it.
    /// </summary>
    public static IServiceCollection AddTealListener(this IServiceCollection services, ListenerOptions options)
    {
        services.AddSingleton(options).AddSingleton(new Live<ListenerOptions>(options)).AddSingleton(options.Pages)
            .AddSingleton<PageRenderer>();
        services.AddSingleton<BodyBudget>().AddSingleton<BodyTurns>().AddSingleton<BodyReader>();
        services.AddSingleton<Intake>().AddSingleton<IDrainStep>(static provider => provider.GetRequiredService<Intake>());
        services.AddSingleton<CallbackDestinations>().AddSingleton<CallbackEndpoint>();
        services.AddSingleton<CibaDoor>().AddSingleton<CibaEndpoint>().AddSingleton<PowensWebhookEndpoint>();
        return services.AddSingleton<WebhookEndpoint>();
    }

    /// <summary>Adds the listener's addresses that the metadata tells, also where another process has the listener.</summary>
    /// <param name="services">The services.</param>
    /// <param name="baseUrl">
    /// The listener's address as the outside sees it, without a slash at its end; called once the server runs.
    /// </param>
    public static IServiceCollection AddTealListenerAddresses(this IServiceCollection services, Func<string> baseUrl) => services
        .AddSingleton(new PublicAddress("callback_url", () => baseUrl() + CallbackEndpoint.Path))
        .AddSingleton(new PublicAddress("errback_url", () => baseUrl() + CallbackEndpoint.ErrorPath))
        .AddSingleton(new PublicAddress("openid_ciba_callback_url", () => baseUrl() + CibaEndpoint.Path));
}
