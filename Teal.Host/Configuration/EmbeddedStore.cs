using Microsoft.Extensions.DependencyInjection;
using Teal.Sqlite;
using Teal.Sqlite.Database;

namespace Teal.Host.Configuration;

/// <summary><see cref="Store.Embedded"/>.</summary>
internal sealed class EmbeddedStore : Store
{
    public override string Name => "Embedded";

    public override string Note => "a SQLite file";

    public override bool NeedsDataDirectory => true;

    public override bool TellsInTurn => true;

    public override void AddServices(IServiceCollection services, TealOptions options) =>
        services.AddTealSqlite(SqliteDatabase.Open(options.Sqlite), options.Sqlite);

    public override string Describe(TealOptions options, IServiceProvider services) => $"SQLite, {FolderOf(options)}";

    public override Task CompactAsync(IServiceProvider services) => Task.Run(services.GetRequiredService<SqliteDatabase>().Compact);

    public override string? FindPurgeFault(TealOptions options) => SqliteDatabase.Exists(options.Sqlite)
        ? null
        : $"there is no store of Teal in {FolderOf(options)}. Give the folder of the server, as in --DataDirectory /var/lib/teal.";

    private static string FolderOf(TealOptions options) => Path.GetFullPath(options.Sqlite.DataDirectory);
}
