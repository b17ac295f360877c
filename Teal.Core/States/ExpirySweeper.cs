using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Teal.Core.States;

/// <summary>Has the stores delete what has expired, again and again.</summary>
public sealed partial class ExpirySweeper(
    IEnumerable<IExpirySweep> stores, CallbackStateOptions options, TimeProvider clock, ILogger<ExpirySweeper> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.SweepInterval <= TimeSpan.Zero) return;

        using var timer = new PeriodicTimer(options.SweepInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var store in stores) await SweepAsync(store, stoppingToken);
        }
    }

    private async Task SweepAsync(IExpirySweep store, CancellationToken stoppingToken)
    {
        try
        {
            var swept = await store.SweepAsync(stoppingToken);
            if (swept > 0) Log.Swept(logger, swept);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What could not be swept now is swept next time.
            Log.Failed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1011, LogLevel.Debug, "{Count} expired entries were deleted")]
        public static partial void Swept(ILogger logger, int count);

        [LoggerMessage(1012, LogLevel.Warning, "What has expired could not be deleted; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
