using Microsoft.Extensions.Logging;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;

namespace Teal.Core.Publishing;

/// <summary>
/// The one way from a listener's endpoint to the dispatchers: an event goes in, is kept, and what comes back says what the sender may be
/// told. The journal is the truth and the bus the bell: the bus tells the dispatchers as soon as the event is kept, and the sender is
/// answered once it is durable. It never throws for a failing back end, and takes at most
/// <see cref="EventPublisherOptions.PublishTimeout"/>.
/// </summary>
public sealed partial class EventPublisher : IDrainStep
{
    private readonly IEventJournal _journal;
    private readonly IEventBus _bus;
    private readonly JournalOptions _retention;
    private readonly EventPublisherOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RepeatedMessage _noRoom;
    private readonly RepeatedMessage _notKept;

    // One for all events.
    private readonly Action<TealEvent> _tell;

    private readonly TaskCompletionSource _allTold = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Publications that the bus has not taken yet, and one for not being drained.
    private int _untold = 1;
    private long _untoldSize;
    private int _isDraining;

    /// <summary>Makes the way into a journal and a bus.</summary>
    public EventPublisher(
        IEventJournal journal, IEventBus bus, JournalOptions retention, EventPublisherOptions options, TimeProvider clock,
        ILogger<EventPublisher> logger)
    {
        _journal = journal;
        _bus = bus;
        _retention = retention;
        _options = options;
        _clock = clock;
        _logger = logger;
        _noRoom = new RepeatedMessage(
            logger, LogLevel.Warning, "There is no room for events, and their senders were told to try again", clock);
        _notKept = new RepeatedMessage(logger, LogLevel.Error, "Events could not be kept, and their senders were told to try again", clock);
        _tell = Tell;
    }

    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Publishing;

    /// <summary>
    /// Keeps <paramref name="event"/> and hands it on. The sender's going away does not cancel it: what arrived is delivered.
    /// </summary>
    /// <param name="event">The event.</param>
    /// <param name="stateEnd">When the callback's state ends, UTC; null: it has no end, or there is none.</param>
    /// <param name="isInvited">Whether somebody is known to have asked for it (<see cref="EventRetention"/>).</param>
    /// <param name="requestId">The id of the request that brought it.</param>
    public async ValueTask<PublishResult> PublishAsync(TealEvent @event, DateTime? stateEnd, bool isInvited, string requestId)
    {
        try
        {
            var keepUntil = stateEnd ?? _clock.GetUtcNow().UtcDateTime + _retention.RetentionOf(@event.Topic.Kind);

            // Clients may be told of an event whose sender gets a 503: it is kept, and then cannot be synced, or not within the time, after
            // which it is not cancelled. The sender sends it again, and twice is better than never.
            var keeping = _journal.AppendAsync(@event, new EventRetention(keepUntil, isInvited), _tell, CancellationToken.None);
            if (keeping.IsCompletedSuccessfully) await keeping;
            else await keeping.AsTask().WaitAsync(_options.PublishTimeout, _clock);
        }
        catch (Exception exception)
        {
            Report(exception, @event.Topic.Kind, requestId);
            return PublishResult.Unavailable;
        }

        if (_notKept.TryEnd()) Log.KeptAgain(_logger);
        Log.Accepted(_logger, @event.Topic.Kind, requestId);
        return PublishResult.Accepted;
    }

    /// <summary>
    /// Completes when the bus has taken all that was accepted, or refused it: what was accepted was told of, or is being told of, before.
    /// </summary>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isDraining, 1) == 0) Told(0);
        return _allTold.Task.WaitAsync(cancellationToken);
    }

    // Senders repeat what they were told to repeat, so each is said once and then in sum.
    private void Report(Exception exception, EventKind kind, string requestId)
    {
        if (exception is JournalFullException)
        {
            if (_noRoom.IsNew(kind.ToString())) Log.NoRoom(_logger, kind, requestId, exception.Message);
        }
        else
        {
            var fault = StoreException.Describe(exception);
            if (_notKept.IsNew(fault)) Log.NotAccepted(_logger, kind, requestId, fault);
        }
    }

    // The journal waits for it: neither blocks nor throws.
    private void Tell(TealEvent kept)
    {
        var size = kept.Size;
        var before = Interlocked.Add(ref _untoldSize, size) - size;
        if (Interlocked.Increment(ref _untold) > _options.MaximumUntold || before >= _options.MaximumUntoldSize)
        {
            // The bus is away, hangs or is slow. The dispatchers find it in the journal.
            Told(size);
            Log.NotTold(_logger, kept.Topic.Kind, "too many events wait for the bus");
            return;
        }

        try
        {
            var telling = _bus.PublishAsync(kept, CancellationToken.None);
            if (!telling.IsCompletedSuccessfully)
            {
                _ = TellAsync(telling, kept.Topic.Kind, size);
                return;
            }
        }
        catch (Exception exception)
        {
            Log.NotTold(_logger, kept.Topic.Kind, exception.GetType().Name);
        }

        Told(size);
    }

    private async Task TellAsync(ValueTask telling, EventKind kind, long size)
    {
        try
        {
            await telling;
        }
        catch (Exception exception)
        {
            Log.NotTold(_logger, kind, exception.GetType().Name);
        }

        Told(size);
    }

    private void Told(long size)
    {
        Interlocked.Add(ref _untoldSize, -size);
        if (Interlocked.Decrement(ref _untold) == 0) _allTold.TrySetResult();
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Debug, "{Kind} accepted (request {RequestId})")]
        public static partial void Accepted(ILogger logger, EventKind kind, string requestId);

        [LoggerMessage(
            1002, LogLevel.Error, "{Kind} could not be kept, and its sender was told to try again: {Fault} (request {RequestId})")]
        public static partial void NotAccepted(ILogger logger, EventKind kind, string requestId, string fault);

        [LoggerMessage(1004, LogLevel.Warning, "{Kind}: no room, and its sender was told to try again: {Reason} (request {RequestId})")]
        public static partial void NoRoom(ILogger logger, EventKind kind, string requestId, string reason);

        [LoggerMessage(1005, LogLevel.Information, "Events are kept again")]
        public static partial void KeptAgain(ILogger logger);

        [LoggerMessage(1003, LogLevel.Debug, "{Kind} is kept, but the bus did not take it: {Fault}. Dispatchers find it in the journal")]
        public static partial void NotTold(ILogger logger, EventKind kind, string fault);
    }
}
