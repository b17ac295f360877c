using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Kinds;

namespace Teal.RabbitMq;

/// <summary>
/// The bus of many processes (specification 4.1): a direct exchange for each kind of event, declared as the original declares it, and a
/// queue for each dispatcher. A publication is over when the broker has confirmed it.
/// </summary>
public sealed class RabbitMqEventBus : IEventBus, IDependencyProbe, IDrainStep, IHostedService, IAsyncDisposable
{
    private readonly RabbitMqOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _loggers;
    private readonly PlaceKey _placeKey;
    private readonly ExchangeNames _exchanges;
    private readonly RabbitMqLink _publishing;
    private readonly List<RabbitMqSubscription> _subscriptions = [];
    private readonly LongPublications _long = new();

    // Of the long one whose turn it is, and of the next if there is any.
    private byte[] _longBuffer = [];

    // Random numbers are for each process, and not for each message.
    private readonly UInt128 _firstId = BinaryPrimitives.ReadUInt128LittleEndian(Guid.NewGuid().ToByteArray());
    private long _published;
    private bool _isStarted;

    /// <summary>Makes the bus; it connects when it is started.</summary>
    public RabbitMqEventBus(RabbitMqOptions options, PlaceKey placeKey, TimeProvider clock, ILoggerFactory loggers)
    {
        _options = options;
        _placeKey = placeKey;
        _clock = clock;
        _loggers = loggers;
        _exchanges = new ExchangeNames(options);

        // The broker confirms what nobody hears. So after a break nothing is published before the dispatchers have bound again.
        _publishing = new RabbitMqLink(
            "publishing", options, clock, loggers.CreateLogger<RabbitMqEventBus>(), PrepareAsync, RabbitMqLink.RebindingTime);
    }

    /// <inheritdoc/>
    public string Name => "bus";

    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Bus;

    /// <summary>Begins to connect, and does not wait for it: a broker that is away must not keep the process from starting.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_isStarted) _publishing.Start();
        _isStarted = true;
        return Task.CompletedTask;
    }

    /// <summary>Does nothing: publications go on until the bus is disposed.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask PublishAsync(TealEvent @event, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        if (_long.Takes(@event)) return new ValueTask(PublishInTurnAsync(@event));

        // Nearly always the channel is there, and its completed task has it: a task of its own for each publication costs as
        // much as its encoding.
        var channel = _publishing.GetChannelAsync(_options.Timeout);
        return channel.IsCompletedSuccessfully
            ? PublishAsync(channel.Result, @event, EventJson.EncodeForBus(@event))
            : WaitAndPublishAsync(channel, @event);
    }

    /// <inheritdoc/>
    public Task<IBusSubscription> SubscribeAsync(IEventReceiver receiver, CancellationToken cancellationToken)
    {
        var subscription = new RabbitMqSubscription(
            receiver, _exchanges, _options, _placeKey, _clock, _loggers.CreateLogger<RabbitMqSubscription>());
        lock (_subscriptions) _subscriptions.Add(subscription);
        return Task.FromResult<IBusSubscription>(subscription);
    }

    /// <inheritdoc/>
    public ValueTask<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        lock (_subscriptions)
        {
            var isUp = _publishing.IsUp && _subscriptions.TrueForAll(static subscription => subscription.IsUp);
            return ValueTask.FromResult(isUp ? DependencyState.Ok : DependencyState.Unreachable);
        }
    }

    /// <summary>Waits until the subscriptions' queues are empty.</summary>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        lock (_subscriptions) return Task.WhenAll(_subscriptions.Select(subscription => subscription.DrainAsync(cancellationToken)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task[] ending =
        [
            _publishing.DisposeAsync().AsTask(), .. _subscriptions.Select(static subscription => subscription.DisposeAsync().AsTask()),
        ];
        await Task.WhenAll(ending);
    }

    // The time that it waits for its turn counts, too.
    private async Task PublishInTurnAsync(TealEvent @event)
    {
        var started = _clock.GetTimestamp();
        await _long.RunAsync(@event.Topic, async () =>
        {
            var left = _options.Timeout - _clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) throw new TimeoutException();

            var channel = await _publishing.GetChannelAsync(left);
            if (@event.IsLong) await PublishLongAsync(channel, @event);
            else await PublishAsync(channel, @event, EventJson.EncodeForBus(@event));
        });
    }

    // Takes milliseconds of processor time, and so a thread of its own, with which the system shares the processor: those of the pool have
    // the others to serve. Many take no more memory than one, as all are encoded in the same buffer.
    private async Task PublishLongAsync(IChannel channel, TealEvent @event)
    {
        try
        {
            await Task.Factory.StartNew(
                () => PublishAsync(channel, @event, EventJson.EncodeForBus(@event, ref _longBuffer)).AsTask(),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        }
        finally
        {
            if (_long.IsLast) _longBuffer = [];
        }
    }

    private async ValueTask WaitAndPublishAsync(Task<IChannel> channel, TealEvent @event) =>
        await PublishAsync(await channel, @event, EventJson.EncodeForBus(@event));

    private ValueTask PublishAsync(IChannel channel, TealEvent @event, ReadOnlyMemory<byte> body)
    {
        var topic = @event.Topic;

        // As the original sends: transient, and with an id.
        var id = (_firstId + (ulong)Interlocked.Increment(ref _published)).ToString("x32", CultureInfo.InvariantCulture);
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Transient,
            MessageId = id,
            Headers = PlaceHeader.Of(@event, body.Span, _placeKey.Bytes),
        };
        return channel.BasicPublishAsync(
            _exchanges.Of(topic.Kind), RoutingKey.For(topic), mandatory: false, properties, body,

            // Cancelled under way, RabbitMQ.Client 7.1.2 releases a lock that it does not hold, and the channel is of no use any more.
            CancellationToken.None);
    }

    private async Task<IChannel> PrepareAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true,
                outstandingPublisherConfirmationsRateLimiter: new ThrottlingRateLimiter(_options.MaximumUnconfirmed)),
            cancellationToken);
        await DeclareExchangesAsync(channel, _exchanges, cancellationToken);
        return channel;
    }

    /// <summary>Declares the exchanges as the original does, so that either may come first.</summary>
    internal static async Task DeclareExchangesAsync(IChannel channel, ExchangeNames exchanges, CancellationToken cancellationToken)
    {
        foreach (var exchange in exchanges.All)
            await channel.ExchangeDeclareAsync(
                exchange, ExchangeType.Direct, durable: false, autoDelete: false, cancellationToken: cancellationToken);
    }
}
