using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.States;

namespace Teal.Redis;

/// <summary>What the Redis store is made of.</summary>
public static class RedisServiceCollectionExtensions
{
    /// <summary>
    /// Adds the state store and the journal in Redis, and the connection, which is made in the background: a start neither waits for Redis
    /// nor fails without it. Needs <c>JournalOptions</c>, a <c>PlaceKey</c> and a <c>TimeProvider</c> beside it.
    /// </summary>
    public static IServiceCollection AddTealRedis(this IServiceCollection services, RedisOptions options)
    {
        services.AddSingleton(options).TryAddSingleton<PlaceKey>();
        services.AddSingleton<RedisConnection>();
        services.AddSingleton<IHostedService, RedisWatch>().AddSingleton<IDependencyProbe, RedisProbe>();
        services.AddSingleton<RedisEventJournal>().AddSingleton<IHostedService, RedisPlaceKey>();

        // Versions before this one knew one system alone, so that nobody could tell whose their events are where there are several.
        if (options is { KeyPrefix: "", System: "" }) services.AddSingleton<IHostedService, RedisAdoption>();
        services.AddSingleton<IEventJournal>(static provider => provider.GetRequiredService<RedisEventJournal>());
        services.AddSingleton<IJournalPurge>(static provider => provider.GetRequiredService<RedisEventJournal>());
        services.AddSingleton<IExpirySweep>(static provider => provider.GetRequiredService<RedisEventJournal>());
        services.AddSingleton<IJournalFeed>(static provider => provider.GetRequiredService<RedisEventJournal>());
        return services.AddSingleton<ICallbackStateStore, RedisCallbackStateStore>();
    }
}
