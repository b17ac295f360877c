using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.RabbitMq;

/// <summary>
/// A dispatcher's queue, which lives as long as its connection. The topics that are wanted are kept here (<see cref="TopicBindings"/>), so
/// that a new connection binds all of them again before it counts as up.
/// </summary>
internal sealed class RabbitMqSubscription : IBusSubscription
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    private readonly IEventReceiver _receiver;
    private readonly ExchangeNames _exchanges;
    private readonly RabbitMqOptions _options;
    private readonly TimeProvider _clock;
    private readonly RabbitMqReceiver _deliveries;
    private readonly TopicBindings _bindings;
    private readonly RabbitMqLink _link;
    private bool _isDisposed;

    public RabbitMqSubscription(
        IEventReceiver receiver, ExchangeNames exchanges, RabbitMqOptions options, PlaceKey placeKey, TimeProvider clock, ILogger logger)
    {
        _receiver = receiver;
        _exchanges = exchanges;
        _options = options;
        _clock = clock;
        _deliveries = new RabbitMqReceiver(receiver, exchanges, placeKey, clock, logger);
        _bindings = new TopicBindings(exchanges);
        _link = new RabbitMqLink("receiving", options, clock, logger, PrepareAsync);
        _link.Start();
    }

    /// <summary>Whether the broker can be reached, and every wanted topic is bound.</summary>
    public bool IsUp => _link.IsUp;

    /// <summary>Waits for the broker as long as it is away: a registration that was made must not get lost.</summary>
    public async ValueTask BindAsync(Topic topic, CancellationToken cancellationToken)
    {
        _bindings.Want(topic);
        while (true)
        {
            var channel = await _link.GetChannelAsync(cancellationToken);
            try
            {
                await _bindings.BindAsync(topic, channel, cancellationToken);
                return;
            }
            catch (Exception exception) when (RabbitMqFault.IsBroken(exception, cancellationToken) || !channel.IsOpen)
            {
                // The next connection binds it, and this finds that done.
                await Task.Delay(RetryInterval, _clock, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(IReadOnlyCollection<Topic> topics, CancellationToken cancellationToken) =>
        _bindings.UnbindAsync(topics, cancellationToken);

    /// <summary>Waits until what the queue holds is received: until a message that is put behind all others comes.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_bindings.Channel is not { IsOpen: true } channel) return;

        try
        {
            await channel.BasicPublishAsync(ExchangeNames.Default, _bindings.Queue, ReadOnlyMemory<byte>.Empty, cancellationToken);
            await _deliveries.Drained.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (RabbitMqFault.IsBroken(exception, cancellationToken))
        {
            // There is no queue to wait for.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;

        _isDisposed = true;
        await _link.DisposeAsync();
        _bindings.Dispose();
    }

    private async Task<IChannel> PrepareAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await RabbitMqEventBus.DeclareExchangesAsync(channel, _exchanges, cancellationToken);
        var queue = await channel.QueueDeclareAsync(
            "", durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken);
        await channel.BasicQosAsync(0, (ushort)_options.Prefetch, global: false, cancellationToken);
        await _bindings.MoveAsync(channel, queue.QueueName, cancellationToken);

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => _deliveries.ReceiveAsync(channel, delivery);
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: false, consumer, cancellationToken);

        // What was published while nothing was bound is in the journal.
        _receiver.Resynchronize();
        return channel;
    }
}
