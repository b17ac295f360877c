using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>
/// Brings the process to an end in the order in which an event walks through it: no new work, what was accepted goes over the bus,
/// the connections send what waits and are closed. Only then is the web server stopped.
/// </summary>
internal sealed partial class GracefulShutdown(
    IEnumerable<IDrainStep> steps, Readiness readiness, TealOptions options, TimeProvider clock, ILogger<GracefulShutdown> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Log.Stopping(logger);
        readiness.IsStopping = true;
        using var deadline = new CancellationTokenSource(options.ShutdownTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        foreach (var stage in steps.GroupBy(static step => step.Stage).OrderBy(static stage => stage.Key))
        {
            try
            {
                await Task.WhenAll(stage.Select(step => step.DrainAsync(either.Token)));
            }
            catch (OperationCanceledException)
            {
                Log.OutOfTime(logger, stage.Key);
            }
            catch (Exception exception)
            {
                // The stages behind it have their work all the same.
                Log.StageFailed(logger, exception, stage.Key);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(5011, LogLevel.Information, "Stopping: what was accepted is delivered first")]
        public static partial void Stopping(ILogger logger);

        [LoggerMessage(5012, LogLevel.Warning, "Stopping took longer than Teal:ShutdownTimeout; given up at: {Stage}")]
        public static partial void OutOfTime(ILogger logger, DrainStage stage);

        [LoggerMessage(5013, LogLevel.Error, "A part of stopping failed: {Stage}")]
        public static partial void StageFailed(ILogger logger, Exception exception, DrainStage stage);
    }
}
