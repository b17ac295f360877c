using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Teal.Core.Bus;
using Teal.Core.Hosting;

namespace Teal.RabbitMq;

/// <summary>What the RabbitMQ bus is made of.</summary>
public static class RabbitMqServiceCollectionExtensions
{
    /// <summary>Adds the bus. Needs a <c>PlaceKey</c> and a <c>TimeProvider</c> beside it.</summary>
    public static IServiceCollection AddTealRabbitMq(this IServiceCollection services, RabbitMqOptions options)
    {
        services.AddSingleton(options).AddSingleton<RabbitMqEventBus>();
        services.AddSingleton<IEventBus>(static provider => provider.GetRequiredService<RabbitMqEventBus>());
        services.AddSingleton<IDrainStep>(static provider => provider.GetRequiredService<RabbitMqEventBus>());
        services.AddSingleton<IDependencyProbe>(static provider => provider.GetRequiredService<RabbitMqEventBus>());
        return services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<RabbitMqEventBus>());
    }
}
