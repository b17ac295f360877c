using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Records;
using Teal.Core.States;

namespace Teal.Redis;

/// <summary>What the Redis store is made of.</summary>
public static class RedisServiceCollectionExtensions
{
    /// <summary>
    /// Adds the state store, the journal and the record store in Redis, and the connection, which is made in the background: a start
    /// neither waits for Redis nor fails without it. Needs <c>JournalOptions</c>, <c>RecordOptions</c>, a <c>PlaceKey</c> and a
    /// <c>TimeProvider</c> beside it.
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

        services.AddSingleton<RedisRecordStore>();
        services.AddSingleton<IRecordStore>(static provider => provider.GetRequiredService<RedisRecordStore>());
        services.AddSingleton<IExpirySweep>(static provider => provider.GetRequiredService<RedisRecordStore>());
        return services.AddSingleton<ICallbackStateStore, RedisCallbackStateStore>();
    }
}
