using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Hosting;

namespace Teal.Core.Bus;

/// <summary>
/// The bus of a single process: a bounded channel for each subscription, read by one loop, which keeps the order. It never waits:
/// what a full channel has no room for, the receiver is told to look for.
/// </summary>
/// <param name="options">How many events wait.</param>
/// <param name="receivesOnPublisher">Whether an event before which none waits is received on its publisher's thread, so that no other one
/// has to wake up for it. Not where publishers hold a lock.</param>
/// <param name="logger">Hears of receivers that throw.</param>
public sealed partial class InProcessEventBus(InProcessBusOptions options, bool receivesOnPublisher, ILogger<InProcessEventBus> logger)
    : IEventBus, IDrainStep, IDependencyProbe
{
    // In bytes.
    private const int LargestOnPublisher = 16 * 1024;

    private readonly ILogger _logger = logger;
    private ImmutableArray<Subscription> _subscriptions = [];

    /// <inheritdoc/>
    public string Name => "bus";

    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Bus;

    /// <inheritdoc/>
    public ValueTask<DependencyState> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult(DependencyState.Ok);

    /// <inheritdoc/>
    public ValueTask PublishAsync(TealEvent @event, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var subscription in _subscriptions) subscription.Write(@event);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IBusSubscription> SubscribeAsync(IEventReceiver receiver, CancellationToken cancellationToken)
    {
        var subscription = new Subscription(this, receiver, options, receivesOnPublisher);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, added) => all.Add(added), subscription);
        return Task.FromResult<IBusSubscription>(subscription);
    }

    /// <summary>Takes no more events, and completes when those it has are received.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_subscriptions.Select(static subscription => subscription.CompleteAsync())).WaitAsync(cancellationToken);

    private sealed class Subscription : IBusSubscription
    {
        private readonly InProcessEventBus _bus;
        private readonly IEventReceiver _receiver;
        private readonly Channel<TealEvent> _events;
        private readonly ConcurrentDictionary<Topic, bool> _topics = new();
        private readonly Task _reading;
        private readonly long _mostSize;

        // Of the large ones that wait.
        private long _size;
        private volatile bool _isCompleted;
        private volatile bool _hasMissed;

        public Subscription(InProcessEventBus bus, IEventReceiver receiver, InProcessBusOptions options, bool receivesOnPublisher)
        {
            _bus = bus;
            _receiver = receiver;
            _mostSize = options.QueueSize;
            _events = Channel.CreateBounded<TealEvent>(new BoundedChannelOptions(options.QueueLength)
            {
                SingleReader = true,
                AllowSynchronousContinuations = receivesOnPublisher,
            });
            _reading = Task.Run(ReadAsync);
        }

        public void Write(TealEvent @event)
        {
            if (!_topics.ContainsKey(@event.Topic) || TryWrite(@event)) return;
            if (_isCompleted) throw new ChannelClosedException();

            // Tried once more, so that the reader, who looks behind each event, has one to look behind.
            _hasMissed = true;
            TryWrite(@event);
        }

        public ValueTask BindAsync(Topic topic, CancellationToken cancellationToken)
        {
            _topics.TryAdd(topic, true);
            return ValueTask.CompletedTask;
        }

        public ValueTask UnbindAsync(IReadOnlyCollection<Topic> topics, CancellationToken cancellationToken)
        {
            foreach (var topic in topics) _topics.TryRemove(topic, out _);
            return ValueTask.CompletedTask;
        }

        public Task CompleteAsync()
        {
            _isCompleted = true;
            _events.Writer.TryComplete();
            return _reading;
        }

        public async ValueTask DisposeAsync()
        {
            ImmutableInterlocked.Update(ref _bus._subscriptions, static (all, removed) => all.Remove(removed), this);
            await CompleteAsync();
        }

        private bool TryWrite(TealEvent @event)
        {
            // Small ones are bounded by their number.
            var size = @event.Size;
            if (size <= LargestOnPublisher) return _events.Writer.TryWrite(@event);

            // Looked at before it is added: one that is refused must not have another refused that finds the queue empty, and
            // nobody to look behind.
            if (Volatile.Read(ref _size) >= _mostSize) return false;

            Interlocked.Add(ref _size, size);
            if (_events.Writer.TryWrite(@event)) return true;

            Interlocked.Add(ref _size, -size);
            return false;
        }

        private async Task ReadAsync()
        {
            await foreach (var @event in _events.Reader.ReadAllAsync())
            {
                try
                {
                    // Making it into what clients get takes long, and the publisher's thread has other work.
                    if (@event.Size > LargestOnPublisher)
                    {
                        await Task.Yield();
                        Interlocked.Add(ref _size, -@event.Size);
                    }

                    _receiver.Receive(@event);
                    if (!_hasMissed) continue;

                    _hasMissed = false;
                    _receiver.Resynchronize();
                }
                catch (Exception exception)
                {
                    // Against the contract; but one event is less than all that would follow.
                    Log.ReceiverFailed(_bus._logger, exception, @event.Topic.Kind);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1021, LogLevel.Error, "An event of the kind {Kind} could not be handed to the dispatcher")]
        public static partial void ReceiverFailed(ILogger logger, Exception exception, EventKind kind);
    }
}
