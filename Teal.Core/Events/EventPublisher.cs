using Microsoft.Extensions.Logging;
using Teal.Core.Bus;

namespace Teal.Core.Events;

/// <summary>
/// The one way from a listener's endpoint to the dispatchers: an event goes in, and what comes back says what the sender
/// may be told. It never throws for a failing back end, and takes at most <see cref="EventPublisherOptions.PublishTimeout"/>.
/// </summary>
public sealed partial class EventPublisher(
    IEventBus bus, EventPublisherOptions options, TimeProvider clock, ILogger<EventPublisher> logger)
{
    /// <summary>Hands <paramref name="event"/> on. The sender's going away does not cancel it: what arrived is delivered.</summary>
    public ValueTask<PublishResult> PublishAsync(TealEvent @event, string requestId)
    {
        // The common case, a bus with room, is done without a timer.
        var published = bus.PublishAsync(@event, CancellationToken.None);
        if (!published.IsCompletedSuccessfully) return AwaitAsync(published.AsTask(), @event, requestId);

        Log.Accepted(logger, @event.Topic.Kind, requestId);
        return ValueTask.FromResult(PublishResult.Accepted);
    }

    private async ValueTask<PublishResult> AwaitAsync(Task published, TealEvent @event, string requestId)
    {
        try
        {
            await published.WaitAsync(options.PublishTimeout, clock);
            Log.Accepted(logger, @event.Topic.Kind, requestId);
            return PublishResult.Accepted;
        }
        catch (Exception exception)
        {
            // A late success reaches the clients after a 503: twice is better than never.
            _ = published.ContinueWith(static late => late.Exception, TaskScheduler.Default);
            Log.NotAccepted(logger, @event.Topic.Kind, requestId, exception.GetType().Name);
            return PublishResult.Unavailable;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Debug, "{Kind} accepted (request {RequestId})")]
        public static partial void Accepted(ILogger logger, EventKind kind, string requestId);

        [LoggerMessage(1002, LogLevel.Error, "{Kind} could not be kept, and its sender was told to try again: {Fault} (request {RequestId})")]
        public static partial void NotAccepted(ILogger logger, EventKind kind, string requestId, string fault);
    }
}
