using Microsoft.Extensions.Logging;
using Teal.Core.Bus;
using Teal.Core.Hosting;
using Teal.Core.Journal;

namespace Teal.Core.Events;

/// <summary>
/// The one way from a listener's endpoint to the dispatchers: an event goes in, is kept, and what comes back says what the sender
/// may be told. The journal is the truth and the bus the bell: the sender is answered once the event is kept, and the bus tells the dispatchers
/// meanwhile. It never throws for a failing back end, and takes at most <see cref="EventPublisherOptions.PublishTimeout"/>.
/// </summary>
public sealed partial class EventPublisher(
    IEventJournal journal, IEventBus bus, JournalOptions retention, EventPublisherOptions options, TimeProvider clock, ILogger<EventPublisher> logger) : IDrainStep
{
    private readonly TaskCompletionSource _allTold = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Publications that the bus has not taken yet, and one for not being drained.
    private int _untold = 1;
    private int _isDraining;

    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Publishing;

    /// <summary>Keeps <paramref name="event"/> and hands it on. The sender's going away does not cancel it: what arrived is delivered.</summary>
    /// <param name="event">The event.</param>
    /// <param name="stateEnd">When the callback's state ends, UTC; null: it has no end, or there is none.</param>
    /// <param name="requestId">The id of the request that brought it.</param>
    public async ValueTask<PublishResult> PublishAsync(TealEvent @event, DateTime? stateEnd, string requestId)
    {
        TealEvent kept;
        try
        {
            var keepUntil = stateEnd ?? clock.GetUtcNow().UtcDateTime + retention.RetentionOf(@event.Topic.Kind);

            // Not cancelled when the time is over: a late success reaches the clients after a 503, and twice is better than never.
            var keeping = journal.AppendAsync(@event, keepUntil, CancellationToken.None);
            kept = keeping.IsCompletedSuccessfully ? await keeping : await WithinLimitAsync(keeping.AsTask());
        }
        catch (Exception exception)
        {
            Log.NotAccepted(logger, @event.Topic.Kind, requestId, exception is JournalFullException ? exception.Message : exception.GetType().Name);
            return PublishResult.Unavailable;
        }

        Tell(kept);
        Log.Accepted(logger, @event.Topic.Kind, requestId);
        return PublishResult.Accepted;
    }

    /// <summary>Completes when the bus has taken all that was accepted, or refused it.</summary>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isDraining, 1) == 0) Told();
        return _allTold.Task.WaitAsync(cancellationToken);
    }

    private async Task<TealEvent> WithinLimitAsync(Task<TealEvent> keeping)
    {
        try
        {
            return await keeping.WaitAsync(options.PublishTimeout, clock);
        }
        catch (TimeoutException)
        {
            _ = TellLateAsync(keeping);
            throw;
        }
    }

    private async Task TellLateAsync(Task<TealEvent> keeping)
    {
        try
        {
            Tell(await keeping);
        }
        catch (Exception)
        {
            // Not kept, as its sender was told.
        }
    }

    private void Tell(TealEvent kept)
    {
        if (Interlocked.Increment(ref _untold) > options.MaximumUntold)
        {
            // The bus is away, or hangs. The dispatchers find it in the journal.
            Told();
            Log.NotTold(logger, kept.Topic.Kind, "too many events wait for the bus");
            return;
        }

        var telling = bus.PublishAsync(kept, CancellationToken.None);
        if (telling.IsCompletedSuccessfully) Told();
        else _ = TellAsync(telling, kept.Topic.Kind);
    }

    private async Task TellAsync(ValueTask telling, EventKind kind)
    {
        try
        {
            await telling;
        }
        catch (Exception exception)
        {
            Log.NotTold(logger, kind, exception.GetType().Name);
        }

        Told();
    }

    private void Told()
    {
        if (Interlocked.Decrement(ref _untold) == 0) _allTold.TrySetResult();
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Debug, "{Kind} accepted (request {RequestId})")]
        public static partial void Accepted(ILogger logger, EventKind kind, string requestId);

        [LoggerMessage(1002, LogLevel.Error, "{Kind} could not be kept, and its sender was told to try again: {Fault} (request {RequestId})")]
        public static partial void NotAccepted(ILogger logger, EventKind kind, string requestId, string fault);

        [LoggerMessage(1003, LogLevel.Debug, "{Kind} is kept, but the bus did not take it: {Fault}. Dispatchers find it in the journal")]
        public static partial void NotTold(ILogger logger, EventKind kind, string fault);
    }
}
