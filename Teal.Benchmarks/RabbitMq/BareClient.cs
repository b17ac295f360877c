using RabbitMQ.Client;
using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.RabbitMq;

namespace Teal.Benchmarks.RabbitMq;

/// <summary>
/// What a program would do that publishes the events with RabbitMQ.Client and nothing else: the same exchanges, options and properties as
/// <see cref="RabbitMqEventBus"/>, but body, exchange, routing key and message id are there beforehand.
/// </summary>
internal sealed class BareClient : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly ExchangeNames _exchanges;
    private readonly Message[] _messages;

    private BareClient(IConnection connection, IChannel channel, ExchangeNames exchanges, Message[] messages)
    {
        _connection = connection;
        _channel = channel;
        _exchanges = exchanges;
        _messages = messages;
    }

    /// <summary>Connects, declares the exchanges, and prepares a message for each event.</summary>
    public static async Task<BareClient> ConnectAsync(
        RabbitMqOptions options, IEnumerable<TealEvent> events, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = options.Uri, AutomaticRecoveryEnabled = false, RequestedHeartbeat = options.Heartbeat };
        var connection = await factory.CreateConnectionAsync("Teal, benchmark", cancellationToken);
        try
        {
            var channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(
                    publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true,
                    outstandingPublisherConfirmationsRateLimiter: new ThrottlingRateLimiter(options.MaximumUnconfirmed)),
                cancellationToken);
            var exchanges = new ExchangeNames(options);
            await RabbitMqEventBus.DeclareExchangesAsync(channel, exchanges, cancellationToken);
            return new BareClient(connection, channel, exchanges, events.Select(@event => Prepare(@event, exchanges)).ToArray());
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes the message with that index, and awaits its confirmation.</summary>
    public ValueTask PublishAsync(int index)
    {
        var message = _messages[index];

        // New for each publication: the library adds headers to it.
        var properties = new BasicProperties { DeliveryMode = DeliveryModes.Transient, MessageId = message.Id };
        return _channel.BasicPublishAsync(message.Exchange, message.RoutingKey, mandatory: false, properties, message.Body);
    }

    /// <summary>Takes the exchanges away, which would stay until the broker stops.</summary>
    public async Task DeleteExchangesAsync()
    {
        if (!_channel.IsOpen) return;

        foreach (var exchange in _exchanges.All) await _channel.ExchangeDeleteAsync(exchange);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static Message Prepare(TealEvent @event, ExchangeNames exchanges) => new(
        exchanges.Of(@event.Topic.Kind), RoutingKey.For(@event.Topic), Guid.NewGuid().ToString("N"), EventJson.EncodeForBus(@event));

    private sealed record Message(string Exchange, string RoutingKey, string Id, ReadOnlyMemory<byte> Body);
}
