using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;

namespace Teal.RabbitMq;

/// <summary>
/// A dispatcher's queue, which lives as long as its connection. The topics that are wanted are kept here, so that a new connection binds
/// all of them again before it counts as up.
/// </summary>
internal sealed partial class RabbitMqSubscription : IBusSubscription
{
    // So many bindings are sent without waiting for an answer; the next one waits for all of them.
    private const int BindingsPerAnswer = 200;

    // Routes to the queue that the routing key names.
    private const string DefaultExchange = "";

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    private readonly IEventReceiver _receiver;
    private readonly ExchangeNames _exchanges;
    private readonly RabbitMqOptions _options;
    private readonly PlaceKey _placeKey;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RabbitMqLink _link;
    private readonly HashSet<Topic> _topics = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Held while all topics are bound or some unbound, so that neither undoes the other's work.
    private readonly SemaphoreSlim _gate = new(1);

    // Held while something is said to the broker. The channel does one after the other as well, but gives up on whoever waits longer than
    // the timeout for a turn, which is what thousands do that come at once.
    private readonly SemaphoreSlim _turn = new(1);

    // Of topics that come while another's turn lasts, and are bound together in the next.
    private Batch _nextBatch = new();
    private IChannel? _channel;
    private string _queue = "";
    private bool _isDisposed;

    public RabbitMqSubscription(IEventReceiver receiver, ExchangeNames exchanges, RabbitMqOptions options, PlaceKey placeKey, TimeProvider clock, ILogger logger)
    {
        _receiver = receiver;
        _exchanges = exchanges;
        _options = options;
        _placeKey = placeKey;
        _clock = clock;
        _logger = logger;
        _link = new RabbitMqLink("receiving", options, clock, logger, PrepareAsync);
        _link.Start();
    }

    /// <summary>Whether the broker can be reached, and every wanted topic is bound.</summary>
    public bool IsUp => _link.IsUp;

    /// <summary>Waits for the broker as long as it is away: a registration that was made must not get lost.</summary>
    public async ValueTask BindAsync(Topic topic, CancellationToken cancellationToken)
    {
        lock (_topics) _topics.Add(topic);
        while (true)
        {
            var channel = await _link.GetChannelAsync(cancellationToken);
            var batch = Join(topic);
            try
            {
                await InTurnAsync(() => BindBatchAsync(batch, channel, cancellationToken), cancellationToken);
                return;
            }
            catch (Exception exception) when (IsBroken(exception, cancellationToken) || !channel.IsOpen)
            {
                // The next connection binds it, and this finds that done.
                await Task.Delay(RetryInterval, _clock, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask UnbindAsync(IReadOnlyCollection<Topic> topics, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            lock (_topics) _topics.ExceptWith(topics);
            if (_channel is not { IsOpen: true } channel) return;

            foreach (var topic in topics)
                await InTurnAsync(() => channel.QueueUnbindAsync(_queue, _exchanges.Of(topic.Kind), RoutingKey.For(topic), cancellationToken: cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (IsBroken(exception, cancellationToken))
        {
            // The queue is gone with its connection, and its bindings with it.
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Waits until what the queue holds is received: until a message that is put behind all others comes.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_channel is not { IsOpen: true } channel) return;

        try
        {
            await channel.BasicPublishAsync(DefaultExchange, _queue, ReadOnlyMemory<byte>.Empty, cancellationToken);
            await _drained.Task.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (IsBroken(exception, cancellationToken))
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
        _gate.Dispose();
        _turn.Dispose();
    }

    // The library cancels what it gives up, and says in several ways that a connection has just gone.
    private static bool IsBroken(Exception exception, CancellationToken cancellationToken) =>
        exception is RabbitMQClientException or IOException or SocketException or ChannelClosedException or TimeoutException or ObjectDisposedException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task InTurnAsync(Func<Task> call, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await call();
        }
        finally
        {
            _turn.Release();
        }
    }

    private Batch Join(Topic topic)
    {
        lock (_topics)
        {
            _nextBatch.Topics.Add(topic);
            return _nextBatch;
        }
    }

    // Who has the turn first binds for all of a batch; the others find that done, or do it themselves where it failed.
    private async Task BindBatchAsync(Batch batch, IChannel channel, CancellationToken cancellationToken)
    {
        if (batch.IsBound) return;

        Topic[] topics;
        lock (_topics)
        {
            if (batch == _nextBatch) _nextBatch = new Batch();

            // Some may have left since.
            topics = [.. batch.Topics.Where(_topics.Contains)];
        }

        await BindAllAsync(topics, channel, _queue, cancellationToken);
        batch.IsBound = true;
    }

    private async Task<IChannel> PrepareAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await RabbitMqEventBus.DeclareExchangesAsync(channel, _exchanges, cancellationToken);
        var queue = await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken);
        await channel.BasicQosAsync(0, (ushort)_options.Prefetch, global: false, cancellationToken);

        await _gate.WaitAsync(cancellationToken);
        try
        {
            Topic[] topics;
            lock (_topics) topics = [.. _topics];
            await BindAllAsync(topics, channel, queue.QueueName, cancellationToken);
            _queue = queue.QueueName;
            _channel = channel;
        }
        finally
        {
            _gate.Release();
        }

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => ReceiveAsync(channel, delivery);
        await channel.BasicConsumeAsync(_queue, autoAck: false, consumer, cancellationToken);

        // What was published while nothing was bound is in the journal.
        _receiver.Resynchronize();
        return channel;
    }

    private async Task BindAllAsync(Topic[] topics, IChannel channel, string queue, CancellationToken cancellationToken)
    {
        for (var i = 0; i < topics.Length; i++)
        {
            var isAnswered = i % BindingsPerAnswer == BindingsPerAnswer - 1 || i == topics.Length - 1;
            await channel.QueueBindAsync(
                queue, _exchanges.Of(topics[i].Kind), RoutingKey.For(topics[i]), noWait: !isAnswered, cancellationToken: cancellationToken);
        }
    }

    private async Task ReceiveAsync(IChannel channel, BasicDeliverEventArgs delivery)
    {
        try
        {
            if (delivery.Exchange == DefaultExchange) _drained.TrySetResult();
            else if (_exchanges.KindOf(delivery.Exchange) is not { } kind || !TryReceive(kind, delivery)) Log.Unreadable(_logger, delivery.Exchange);
        }
        catch (Exception exception)
        {
            // Against the receiver's contract; but one event is less than all that would follow.
            Log.ReceiverFailed(_logger, exception);
        }

        try
        {
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        }
        catch (Exception exception) when (IsBroken(exception, CancellationToken.None))
        {
            // The queue is gone with its connection; nothing is delivered again.
        }
    }

    // The body decides to whom an event goes. It is valid during this call only, and copied by being read.
    private bool TryReceive(EventKind kind, BasicDeliverEventArgs delivery)
    {
        var (body, properties) = (delivery.Body, delivery.BasicProperties);
        if (body.Length >= PlaceHeader.LongMessage && PlaceHeader.ReadClaim(properties) is { IsKept: true } place && EventJsonReader.ReadTopic(kind, body.Span) is { } topic
            && _receiver.TryCatchUp(topic, place))
            return true;

        if (EventJsonReader.Read(kind, body, _clock.GetUtcNow().UtcDateTime) is not { } @event) return false;

        _receiver.Receive(@event with { Place = PlaceHeader.Read(properties, body.Span, _placeKey.Bytes) });
        return true;
    }

    private sealed class Batch
    {
        public List<Topic> Topics { get; } = [];

        public bool IsBound { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(7011, LogLevel.Warning, "A message of the exchange {Exchange} could not be read, and was dropped")]
        public static partial void Unreadable(ILogger logger, string exchange);

        [LoggerMessage(7012, LogLevel.Error, "An event could not be handed to the dispatcher")]
        public static partial void ReceiverFailed(ILogger logger, Exception exception);
    }
}
