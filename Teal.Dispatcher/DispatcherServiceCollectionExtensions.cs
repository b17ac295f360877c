using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Metadata;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;
using Teal.Web;
using Teal.Web.Sessions;

namespace Teal.Dispatcher;

/// <summary>What the dispatcher is made of.</summary>
public static class DispatcherServiceCollectionExtensions
{
    /// <summary>
    /// Adds the dispatcher. It needs an <c>IEventBus</c>, an <c>IEventJournal</c>, an <c>ICallbackStateStore</c>, a
    /// <c>StateService</c>, a <c>CibaRequestService</c>, webhooks and a <c>TimeProvider</c> beside it.
    /// </summary>
    public static IServiceCollection AddTealDispatcher(this IServiceCollection services, DispatcherOptions options)
    {
        services.AddSingleton(options);
        services.AddCors();
        return services.AddTealClientChannels(options.Door, options.Channels).AddProtocols().AddRegistrations()
            .AddSingleton<MetadataEndpoint>();
    }

    private static IServiceCollection AddProtocols(this IServiceCollection services)
    {
        services.AddSingleton<CursorOrigins>().AddSingleton<Registrar>().AddSingleton<Creator>();
        services.AddSingleton<IMaker, CallbackMaker>().AddSingleton<IMaker, CibaRequestMaker>().AddSingleton<IMaker, WebhookMaker>();
        services.AddSingleton<Refresher>().AddSingleton<CommandHandler>();
        services.AddSingleton<ClassicDialect>().AddSingleton<TealV2Dialect>();
        return services.AddProtocol<ClassicDialect>().AddProtocol<TealV2Dialect>();
    }

    private static IServiceCollection AddProtocol<TDialect>(this IServiceCollection services)
        where TDialect : class, ITealDialect =>
        services.AddSingleton<IClientProtocol>(static provider => new TealProtocol(
            provider.GetRequiredService<TDialect>(), provider.GetRequiredService<CommandHandler>(),
            provider.GetRequiredService<ILogger<TealSession>>()));

    private static IServiceCollection AddRegistrations(this IServiceCollection services)
    {
        services.AddSingleton<Replayer>().AddSingleton<RegistrationBudget>().AddSingleton<RegistrationTable>().AddSingleton<TopicClaims>();
        return services.AddHostedService(static provider => provider.GetRequiredService<TopicClaims>())
            .AddHostedService<RegistrationService>().AddHostedService<FeedWatch>();
    }
}
