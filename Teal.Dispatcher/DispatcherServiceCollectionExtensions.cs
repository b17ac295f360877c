using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Teal.Core.Hosting;
using Teal.Dispatcher.Authentication;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Connections;
using Teal.Dispatcher.Metadata;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher;

/// <summary>What the dispatcher is made of.</summary>
public static class DispatcherServiceCollectionExtensions
{
    /// <summary>
    /// Adds the dispatcher. It needs an <c>IEventBus</c>, an <c>IEventJournal</c>, an <c>ICallbackStateStore</c>, a <c>StateService</c> and a
    /// <c>TimeProvider</c> beside it.
    /// </summary>
    public static IServiceCollection AddTealDispatcher(this IServiceCollection services, DispatcherOptions options)
    {
        services.AddSingleton(options);
        services.AddCors();
        return services.AddAuthentication().AddProtocols().AddRegistrations().AddConnections();
    }

    private static IServiceCollection AddAuthentication(this IServiceCollection services)
    {
        services.TryAddSingleton<IAuthenticator, PasswordAuthenticator>();
        services.AddSingleton<GuessBrake>().AddSingleton<IDrainStep>(static provider => provider.GetRequiredService<GuessBrake>());
        return services.AddSingleton<Doorkeeper>().AddSingleton<OriginPolicy>();
    }

    private static IServiceCollection AddProtocols(this IServiceCollection services) =>
        services.AddSingleton<CursorOrigins>().AddSingleton<IClientProtocol, ClassicProtocol>().AddSingleton<IClientProtocol, TealV2Protocol>();

    private static IServiceCollection AddRegistrations(this IServiceCollection services) =>
        services.AddSingleton<Replayer>().AddSingleton<RegistrationBudget>().AddSingleton<RegistrationTable>().AddSingleton<TopicClaims>()
            .AddHostedService(static provider => provider.GetRequiredService<TopicClaims>()).AddHostedService<RegistrationService>().AddHostedService<FeedWatch>();

    private static IServiceCollection AddConnections(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionTable>().AddSingleton<IDrainStep>(static provider => provider.GetRequiredService<ConnectionTable>());
        services.AddSingleton<IDrainStep, DrainingNotice>().AddSingleton<Outbox>().AddSingleton<SendBudget>().AddHostedService<KeepAlive>();
        return services.AddSingleton<Registrar>().AddSingleton<CommandHandler>().AddSingleton<WebSocketEndpoint>().AddSingleton<MetadataEndpoint>();
    }
}
