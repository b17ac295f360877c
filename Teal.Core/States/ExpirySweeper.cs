using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;

namespace Teal.Core.States;

/// <summary>
/// Has the stores delete what has expired, again and again, as long as the clock can be believed: what is deleted does not
/// come back with the right time.
/// </summary>
public sealed partial class ExpirySweeper(
    IEnumerable<IExpirySweep> stores, IEnumerable<IRunRecord> records, CallbackStateOptions options, TimeProvider clock,
    ILogger<ExpirySweeper> logger)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.SweepInterval <= TimeSpan.Zero) return;

        // The clock may have been set while no process ran.
        var record = records.FirstOrDefault();
        var watch = new ClockWatch(clock, options.ClockJumpTolerance, record?.LastRun ?? clock.GetUtcNow());
        var trust = watch.Look();
        if (trust == ClockTrust.JumpedAhead) Log.LongAway(logger, watch.Ahead, options.ClockJumpTolerance);
        else record?.Record(clock.GetUtcNow());

        using var timer = new PeriodicTimer(options.SweepInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            trust = watch.Look();
            if (trust == ClockTrust.JumpedAhead) Log.JumpedAhead(logger, watch.Ahead, options.ClockJumpTolerance);
            if (trust == ClockTrust.BelievedAgain) Log.BelievedAgain(logger);
            if (trust is ClockTrust.JumpedAhead or ClockTrust.Distrusted) continue;

            record?.Record(clock.GetUtcNow());
            await SweepAsync(stoppingToken);
        }
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        Exception? fault = null;
        foreach (var store in stores)
        {
            try
            {
                var swept = await store.SweepAsync(stoppingToken);
                if (swept > 0) Log.Swept(logger, swept);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // What could not be swept now is swept next time.
                fault ??= exception;
            }
        }

        // Once: what keeps one of them away keeps the others away, too.
        if (fault is not null) Log.Failed(logger, fault);
    }

    private static partial class Log
    {
        [LoggerMessage(1011, LogLevel.Debug, "{Count} expired entries were deleted")]
        public static partial void Swept(ILogger logger, int count);

        [LoggerMessage(1012, LogLevel.Warning, "What has expired could not be deleted; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(
            1013, LogLevel.Warning,
            "The clock went {Ahead} ahead at once. What looks expired by it is unknown, " +
            "but nothing is deleted before it has stayed so for {Wait} (Teal:ClockJumpTolerance)")]
        public static partial void JumpedAhead(ILogger logger, TimeSpan ahead, TimeSpan wait);

        [LoggerMessage(1014, LogLevel.Information, "The clock is right again, or taken for right: what has expired is deleted")]
        public static partial void BelievedAgain(ILogger logger);

        [LoggerMessage(
            1015, LogLevel.Information,
            "By the clock, {Away} passed since the data folder was used last. " +
            "In case it is wrong, nothing is deleted for {Wait} (Teal:ClockJumpTolerance)")]
        public static partial void LongAway(ILogger logger, TimeSpan away, TimeSpan wait);
    }
}
