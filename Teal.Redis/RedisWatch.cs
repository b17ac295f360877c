using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;

namespace Teal.Redis;

/// <summary>
/// Has the connection made at the start, and tells the operator once when Redis is lost, once each way in which it refuses, and once when
/// it is back. And what Redis would throw away of what was accepted.
/// </summary>
internal sealed partial class RedisWatch(RedisConnection connection, RedisOptions options, TimeProvider clock, ILogger<RedisWatch> logger)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.WatchInterval, clock);
        var outage = new Outage();
        var isLookedAt = false;
        do
        {
            var reason = await connection.ProbeAsync(stoppingToken);
            if (reason is not null && outage.IsNew(reason.Message, reason.IsRefusal))
                Log.Lost(logger, connection.EndPoints, reason.Message);
            if (reason is null && outage.TryEnd()) Log.Back(logger, connection.EndPoints);
            if (reason is null && !isLookedAt && await connection.FindEvictionAsync(stoppingToken) is { } policy)
                Log.Evicts(logger, connection.EndPoints, policy);
            isLookedAt = reason is null;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(6001, LogLevel.Warning, "Redis at {EndPoints} cannot be used ({Reason}); it is tried again until it can")]
        public static partial void Lost(ILogger logger, string endPoints, string reason);

        [LoggerMessage(
            6003, LogLevel.Warning,
            "Redis at {EndPoints} throws keys away when it is full (maxmemory-policy {Policy}): events that were accepted would be lost. " +
            "Set it to noeviction, so that their senders are told to try again")]
        public static partial void Evicts(ILogger logger, string endPoints, string policy);

        [LoggerMessage(6002, LogLevel.Information, "Redis at {EndPoints} is back")]
        public static partial void Back(ILogger logger, string endPoints);
    }
}
