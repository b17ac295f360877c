using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Teal.Sqlite.Database;

/// <summary>Says at start what else should be known of the data folder.</summary>
internal sealed partial class SqliteFolderReport(SqliteDatabase database, ILogger<SqliteFolderReport> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (database.FolderOfOthers is { } folder) Log.IsOpenToOthers(logger, folder);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        // Not mended without being asked: somebody else may use the folder.
        [LoggerMessage(
            4011, LogLevel.Warning,
            "Other users of this machine may look into the data folder, or change what is in it. Unless they should: chmod 700 {Folder}")]
        public static partial void IsOpenToOthers(ILogger logger, string folder);
    }
}
