using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Teal.Redis;

/// <summary>Has the connection made at the start, and tells the operator once when Redis is lost, and once when it is back.</summary>
internal sealed partial class RedisWatch(RedisConnection connection, RedisOptions options, TimeProvider clock, ILogger<RedisWatch> logger)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.WatchInterval, clock);
        var lost = false;
        do
        {
            var reason = await connection.ProbeAsync(stoppingToken);
            if (reason is not null && !lost) Log.Lost(logger, connection.EndPoints, reason.Message);
            if (reason is null && lost) Log.Back(logger, connection.EndPoints);
            lost = reason is not null;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(6001, LogLevel.Warning, "Redis at {EndPoints} cannot be used ({Reason}); it is tried again until it can")]
        public static partial void Lost(ILogger logger, string endPoints, string reason);

        [LoggerMessage(6002, LogLevel.Information, "Redis at {EndPoints} is back")]
        public static partial void Back(ILogger logger, string endPoints);
    }
}
