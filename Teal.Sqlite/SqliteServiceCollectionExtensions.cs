using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Records;
using Teal.Core.States;
using Teal.Sqlite.Database;
using Teal.Sqlite.Journal;
using Teal.Sqlite.Records;
using Teal.Sqlite.States;
using Teal.Sqlite.Writing;

namespace Teal.Sqlite;

/// <summary>What the embedded store is made of.</summary>
public static class SqliteServiceCollectionExtensions
{
    /// <summary>
    /// Adds the embedded state store, journal and record store on a database that is open already, so that a file that cannot be used ends
    /// the start before anything else began. Needs <c>CallbackStateOptions</c>, <c>JournalOptions</c>, <c>RecordOptions</c> and a
    /// <c>TimeProvider</c> beside it.
    /// </summary>
    public static IServiceCollection AddTealSqlite(this IServiceCollection services, SqliteDatabase database, SqliteOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(_ => database).AddSingleton<IHostedService, SqliteFolderReport>();
        services.AddSingleton<IRunRecord>(static provider => provider.GetRequiredService<SqliteDatabase>());
        services.AddSingleton<SqliteWriter>();
        services.AddSingleton<SqliteCallbackStateStore>();
        services.AddSingleton<ICallbackStateStore>(static provider => provider.GetRequiredService<SqliteCallbackStateStore>());
        services.AddSingleton<IDependencyProbe>(static provider => provider.GetRequiredService<SqliteCallbackStateStore>());
        services.AddSingleton<IExpirySweep>(static provider => provider.GetRequiredService<SqliteCallbackStateStore>());

        services.AddSingleton<SqliteEventJournal>();
        services.AddSingleton<IEventJournal>(static provider => provider.GetRequiredService<SqliteEventJournal>());
        services.AddSingleton<IJournalPurge>(static provider => provider.GetRequiredService<SqliteEventJournal>());
        services.AddSingleton<IJournalUsage>(static provider => provider.GetRequiredService<SqliteEventJournal>());
        services.AddSingleton<IExpirySweep>(static provider => provider.GetRequiredService<SqliteEventJournal>());

        services.AddSingleton<SqliteRecordStore>();
        services.AddSingleton<IRecordStore>(static provider => provider.GetRequiredService<SqliteRecordStore>());
        return services.AddSingleton<IExpirySweep>(static provider => provider.GetRequiredService<SqliteRecordStore>());
    }
}
