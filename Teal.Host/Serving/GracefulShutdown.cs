using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>
/// Brings the process to an end in the order in which an event walks through it: no new work, what was accepted goes over the bus,
/// the connections send what waits and are closed. Only then is the web server stopped. A part that hangs leaves time to those behind it.
/// </summary>
internal sealed partial class GracefulShutdown(
    IEnumerable<IDrainStep> steps, IServer server, Readiness readiness, TealOptions options, TimeProvider clock,
    ILogger<GracefulShutdown> logger)
    : IHostedLifecycleService
{
    // What the web server waits for in the end are senders of whom nothing can be accepted any more: requests without their end, and bodies
    // that were refused. They have this time to read their answers.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(0.5);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Log.Stopping(logger);
        readiness.IsStopping = true;
        var started = clock.GetTimestamp();
        var stages = steps.GroupBy(static step => step.Stage).OrderBy(static stage => stage.Key).ToArray();
        foreach (var stage in stages)
        {
            var left = options.ShutdownTimeout - clock.GetElapsedTime(started);
            await DrainAsync(stage, stage == stages[^1] ? left : left / 2, cancellationToken);
        }

        await WithinAsync(Farewell, server.StopAsync, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task DrainAsync(IGrouping<DrainStage, IDrainStep> stage, TimeSpan time, CancellationToken cancellationToken)
    {
        try
        {
            await WithinAsync(time, token => Task.WhenAll(stage.Select(step => step.DrainAsync(token))), cancellationToken);
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

    private async Task WithinAsync(TimeSpan time, Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(time > TimeSpan.Zero ? time : TimeSpan.Zero, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        await step(either.Token);
    }

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
