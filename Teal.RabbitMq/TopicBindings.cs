using RabbitMQ.Client;
using Teal.Core.Events;

namespace Teal.RabbitMq;

/// <summary>
/// The topics that are wanted, and the queue that they are bound to: that of the connection as it is now. All of them are
/// bound to a new one before it counts as up.
/// </summary>
internal sealed class TopicBindings(ExchangeNames exchanges) : IDisposable
{
    // So many bindings are sent without waiting for an answer; the next one waits for all of them.
    private const int BindingsPerAnswer = 200;

    private readonly HashSet<Topic> _wanted = [];

    // Held while all topics are bound or some unbound, so that neither undoes the other's work.
    private readonly SemaphoreSlim _gate = new(1);

    // Held while something is said to the broker. The channel does one after the other as well, but gives up on whoever waits longer than
    // the timeout for a turn, which is what thousands do that come at once.
    private readonly SemaphoreSlim _turn = new(1);

    // Of topics that come while another's turn lasts, and are bound together in the next.
    private Batch _nextBatch = new();

    /// <summary>The channel that binds; null: there was no connection yet.</summary>
    public IChannel? Channel { get; private set; }

    /// <summary>The name of the queue.</summary>
    public string Queue { get; private set; } = "";

    /// <summary>Has a topic bound to each new queue from now on.</summary>
    public void Want(Topic topic)
    {
        lock (_wanted) _wanted.Add(topic);
    }

    /// <summary>Binds a topic to the queue, together with others that come at once.</summary>
    public Task BindAsync(Topic topic, IChannel channel, CancellationToken cancellationToken)
    {
        var batch = Join(topic);
        return InTurnAsync(() => BindBatchAsync(batch, channel, cancellationToken), cancellationToken);
    }

    /// <summary>Unbinds topics, which are not wanted any more.</summary>
    public async ValueTask UnbindAsync(IReadOnlyCollection<Topic> topics, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            lock (_wanted) _wanted.ExceptWith(topics);
            if (Channel is not { IsOpen: true } channel) return;

            foreach (var topic in topics)
            {
                var (exchange, key) = (exchanges.Of(topic.Kind), RoutingKey.For(topic));
                await InTurnAsync(
                    () => channel.QueueUnbindAsync(Queue, exchange, key, cancellationToken: cancellationToken), cancellationToken);
            }
        }
        catch (Exception exception) when (RabbitMqFault.IsBroken(exception, cancellationToken))
        {
            // The queue is gone with its connection, and its bindings with it.
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Binds all that is wanted to a new queue, which is the queue from then on.</summary>
    public async Task MoveAsync(IChannel channel, string queue, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Topic[] topics;
            lock (_wanted) topics = [.. _wanted];
            await BindAllAsync(topics, channel, queue, cancellationToken);
            Queue = queue;
            Channel = channel;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gate.Dispose();
        _turn.Dispose();
    }

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
        lock (_wanted)
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
        lock (_wanted)
        {
            if (batch == _nextBatch) _nextBatch = new Batch();

            // Some may have left since.
            topics = [.. batch.Topics.Where(_wanted.Contains)];
        }

        await BindAllAsync(topics, channel, Queue, cancellationToken);
        batch.IsBound = true;
    }

    private async Task BindAllAsync(Topic[] topics, IChannel channel, string queue, CancellationToken cancellationToken)
    {
        for (var i = 0; i < topics.Length; i++)
        {
            var isAnswered = i % BindingsPerAnswer == BindingsPerAnswer - 1 || i == topics.Length - 1;
            await channel.QueueBindAsync(
                queue, exchanges.Of(topics[i].Kind), RoutingKey.For(topics[i]), noWait: !isAnswered, cancellationToken: cancellationToken);
        }
    }

    private sealed class Batch
    {
        public List<Topic> Topics { get; } = [];

        public bool IsBound { get; set; }
    }
}
