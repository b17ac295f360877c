using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Accounts;
using Teal.Api;
using Teal.Api.Status;
using Teal.Core.Bus;
using Teal.Core.Ciba;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Publishing;
using Teal.Core.States;
using Teal.Host.Configuration;
using Teal.Listener;
using Teal.RabbitMq;
using Teal.Webhooks;

namespace Teal.Host.Serving;

/// <summary>The composition root: which parts a process is made of.</summary>
internal static class TealServer
{
    /// <summary>Builds the process; nothing of it runs yet, but the embedded store is open.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public static IHost Build(TealOptions options, IConfiguration configuration, Action<IServiceCollection>? configure = null)
    {
        var endpoints = ModuleEndpoint.From(options);
        return new HostBuilder()
            .ConfigureLogging(logging => logging.AddTealLogging(configuration))
            .ConfigureServices(services =>
            {
                services.AddSingleton(options).AddSingleton(endpoints).AddSingleton(TimeProvider.System);
                services.AddSingleton(new SettingSource(configuration, _ => configuration)).AddSingleton<SettingReload>();
                services.AddTealShutdown(options).AddTealStore(options).AddTealBus(options);
                services.AddTealAccounts(options.Accounts);
                services.AddTealAdministration(options);
                foreach (var module in options.Modules) module.AddServices(services, options);
                string ListenerUrl() => options.Listener.PublicUrl?.Base ?? endpoints.AddressOf(Module.Listener, options).Url;
                services.AddTealListenerAddresses(ListenerUrl).AddTealWebhooks(options.Webhooks, ListenerUrl);
                services.AddRouting().AddHostedService<MemoryReturn>();
                configure?.Invoke(services);
            })
            .ConfigureWebHost(web => web
                .UseKestrelCore()

                // Requests go on where they arrived, and answers from where they were made, without changing threads in
                // between: nothing there blocks.
                .UseSockets(sockets =>
                {
                    sockets.UnsafePreferInlineScheduling = true;
                    sockets.BoundBuffers();
                })
                .ConfigureServices(static services => services
                    .AddSingleton<IMemoryPoolFactory<byte>, BlockPool>()
                    .AddSingleton<SocketTransportFactory>()
                    .Replace(ServiceDescriptor.Singleton<IConnectionListenerFactory, FairListenerFactory>()))
                .ConfigureKestrel(kestrel => kestrel.ConfigureTeal(options, endpoints))
                .Configure(app => app.UseTeal(options, endpoints)))
            .Build();
    }

    /// <summary>Adds the state store, the journal and the record store.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    internal static IServiceCollection AddTealStore(this IServiceCollection services, TealOptions options)
    {
        services.AddSingleton(options.Journal).AddSingleton<PlaceKey>().AddSingleton(options.Records);
        services.AddSingleton(options.States).AddHostedService<ExpirySweeper>();
        services.AddSingleton<StateService>().AddSingleton<CibaRequestService>();
        options.Store!.AddServices(services, options);
        return services;
    }

    private static IServiceCollection AddTealBus(this IServiceCollection services, TealOptions options)
    {
        services.AddSingleton(options.Publisher).AddSingleton<EventPublisher>();
        services.AddSingleton<IDrainStep>(static provider => provider.GetRequiredService<EventPublisher>());
        if (options.Bus == BusKind.RabbitMq) return services.AddTealRabbitMq(options.RabbitMq);

        // A thread that waits for nobody needs nobody else for what it tells.
        services.AddSingleton(provider =>
            new InProcessEventBus(
                options.InProcessBus, receivesOnPublisher: options.Store!.TellsInTurn,
                provider.GetRequiredService<ILogger<InProcessEventBus>>()));
        services.AddSingleton<IDependencyProbe>(static provider => provider.GetRequiredService<InProcessEventBus>());
        services.AddSingleton<IDrainStep>(static provider => provider.GetRequiredService<InProcessEventBus>());
        return services.AddSingleton<IEventBus>(static provider => provider.GetRequiredService<InProcessEventBus>());
    }

    private static IServiceCollection AddTealAdministration(this IServiceCollection services, TealOptions options)
    {
        services.AddSingleton<IServerStatus, ServerStatusReport>();
        services.AddSingleton(provider =>
            AdministrationEndpoint.Open(options, provider.GetRequiredService<ILogger<AdministrationEndpoint>>()));
        return services.AddTealApi(new ApiOptions { MaximumBodySize = options.Dispatcher.Channels.MaximumMessageSize });
    }

    private static IServiceCollection AddTealShutdown(this IServiceCollection services, TealOptions options)
    {
        services.Configure<ConsoleLifetimeOptions>(static console => console.SuppressStatusMessages = true);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout + TimeSpan.FromSeconds(1));
        services.AddSingleton<Readiness>().AddSingleton(ConnectionBudget.OfProcess(options)).AddSingleton<HeadBudget>();
        return services.AddHostedService<GracefulShutdown>().AddHostedService<ReloadSignal>();
    }
}
