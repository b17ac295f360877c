using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;

namespace Teal.RabbitMq;

/// <summary>Hands what the queue delivers to the dispatcher, and acknowledges it.</summary>
internal sealed partial class RabbitMqReceiver(
    IEventReceiver receiver, ExchangeNames exchanges, PlaceKey placeKey, TimeProvider clock, ILogger logger)
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the message comes that was put behind all others (<see cref="ExchangeNames.Default"/>).</summary>
    public Task Drained => _drained.Task;

    /// <summary>Takes a message.</summary>
    public async Task ReceiveAsync(IChannel channel, BasicDeliverEventArgs delivery)
    {
        try
        {
            if (delivery.Exchange == ExchangeNames.Default) _drained.TrySetResult();
            else if (exchanges.KindOf(delivery.Exchange) is not { } kind || !TryReceive(kind, delivery))
                Log.Unreadable(logger, delivery.Exchange);
        }
        catch (Exception exception)
        {
            // Against the receiver's contract; but one event is less than all that would follow.
            Log.ReceiverFailed(logger, exception);
        }

        try
        {
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        }
        catch (Exception exception) when (RabbitMqFault.IsBroken(exception, CancellationToken.None))
        {
            // The queue is gone with its connection; nothing is delivered again.
        }
    }

    // The body decides to whom an event goes. It is valid during this call only, and copied by being read.
    private bool TryReceive(EventKind kind, BasicDeliverEventArgs delivery)
    {
        var (body, properties) = (delivery.Body, delivery.BasicProperties);
        if (body.Length >= PlaceHeader.LongMessage && PlaceHeader.ReadClaim(properties) is { IsKept: true } place
            && EventJsonReader.ReadTopic(kind, body.Span) is { } topic && receiver.TryCatchUp(topic, place))
            return true;

        if (EventJsonReader.Read(kind, body, clock.GetUtcNow().UtcDateTime) is not { } @event) return false;

        receiver.Receive(PlaceHeader.Read(@event, properties, body.Span, placeKey.Bytes));
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(7011, LogLevel.Warning, "A message of the exchange {Exchange} could not be read, and was dropped")]
        public static partial void Unreadable(ILogger logger, string exchange);

        [LoggerMessage(7012, LogLevel.Error, "An event could not be handed to the dispatcher")]
        public static partial void ReceiverFailed(ILogger logger, Exception exception);
    }
}
