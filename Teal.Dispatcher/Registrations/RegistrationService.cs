using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Teal.Dispatcher.Registrations;

/// <summary>Opens the registration table's subscription before the first client can come, and unbinds what nobody wants any more.</summary>
internal sealed partial class RegistrationService(RegistrationTable table, TimeProvider clock, ILogger<RegistrationService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await table.StartAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await table.StopAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        while (true)
        {
            await Task.WhenAny(tick, table.WhenCrowdedAsync());
            if (tick.IsCompleted)
            {
                await tick;
                tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
            }

            try
            {
                await table.UnbindVacantAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotUnbound(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3031, LogLevel.Warning, "Topics that nobody is registered for could not be unbound")]
        public static partial void NotUnbound(ILogger logger, Exception exception);
    }
}
