using System.Collections.Concurrent;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Tests.Support;

namespace Teal.Tests.Contracts;

/// <summary>What every <see cref="IEventBus"/> does.</summary>
public abstract class EventBusContract
{
    [Test]
    public async Task Publish_ToABoundTopic_ReachesEverySubscriptionOnce()
    {
        var bus = await CreateBusAsync();
        var (first, second) = (new Receiver(), new Receiver());
        await using var one = await BindAsync(bus, first, "a");
        await using var two = await BindAsync(bus, second, "a");
        await one.BindAsync(Callback("a"), CancellationToken.None);

        await bus.PublishAsync(Event("a", 1), CancellationToken.None);
        await bus.PublishAsync(Event("a", 2), CancellationToken.None);

        (await first.WaitForAsync(2)).Should().Equal(1, 2);
        (await second.WaitForAsync(2)).Should().Equal(1, 2);
    }

    [Test]
    public async Task Publish_ToAnotherTopicOrKind_IsNotReceived()
    {
        var bus = await CreateBusAsync();
        var receiver = new Receiver();
        await using var subscription = await BindAsync(bus, receiver, "a");

        await bus.PublishAsync(Event("A", 1), CancellationToken.None);
        await bus.PublishAsync(Event("a ", 2), CancellationToken.None);
        await bus.PublishAsync(Event("a", 3), CancellationToken.None);

        (await receiver.WaitForAsync(1)).Should().Equal(3);
    }

    [Test]
    public async Task Publish_ManyOnOneTopic_KeepsTheOrder()
    {
        var bus = await CreateBusAsync();
        var receiver = new Receiver();
        await using var subscription = await BindAsync(bus, receiver, "a");

        for (var i = 0; i < 1000; i++) await bus.PublishAsync(Event("a", i), CancellationToken.None);

        (await receiver.WaitForAsync(1000)).Should().Equal(Enumerable.Range(0, 1000));
    }

    // Also where those who wait for the longer ones could be overtaken.
    [Test]
    public async Task Publish_LongAndShortOnOneTopic_KeepsTheOrder()
    {
        const int Count = 60;
        var bus = await CreateBusAsync();
        var receiver = new Receiver(number: static @event => int.Parse(((CallbackEvent)@event).Url.Split('-')[0]));
        await using var subscription = await BindAsync(bus, receiver, "a");

        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => bus.PublishAsync(
            new CallbackEvent(DateTime.UnixEpoch, $"{i}-{new string('x', i % 3 == 0 ? 100_000 : 1)}", "a"),
            CancellationToken.None).AsTask()));

        (await receiver.WaitForAsync(Count)).Should().Equal(Enumerable.Range(0, Count));
    }

    [Test]
    public async Task Publish_FromManyThreads_ReceivesEachOnce()
    {
        var bus = await CreateBusAsync();
        var receiver = new Receiver();
        await using var subscription = await BindAsync(bus, receiver, "a");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++) await bus.PublishAsync(Event("a", (sender * 100) + i), CancellationToken.None);
        })));

        (await receiver.WaitForAsync(1000)).Order().Should().Equal(Enumerable.Range(0, 1000));
    }

    [Test]
    public async Task Publish_ThatIsCancelledBefore_IsNotReceived()
    {
        var bus = await CreateBusAsync();
        var receiver = new Receiver();
        await using var subscription = await BindAsync(bus, receiver, "a");

        await FluentActions.Awaiting(() => bus.PublishAsync(Event("a", 1), new CancellationToken(canceled: true)).AsTask())
            .Should().ThrowAsync<OperationCanceledException>();
        await bus.PublishAsync(Event("a", 2), CancellationToken.None);

        (await receiver.WaitForAsync(1)).Should().Equal(2);
    }

    [Test]
    public async Task Unbind_ATopic_StopsItAndNoOther()
    {
        var bus = await CreateBusAsync();
        var receiver = new Receiver();
        await using var subscription = await BindAsync(bus, receiver, "a", "b");

        await subscription.UnbindAsync([Callback("a"), Callback("never bound")], CancellationToken.None);
        await bus.PublishAsync(Event("a", 1), CancellationToken.None);
        await bus.PublishAsync(Event("b", 2), CancellationToken.None);

        (await receiver.WaitForAsync(1)).Should().Equal(2);
    }

    [Test]
    public async Task Bind_AfterUnbind_ReceivesAgain()
    {
        var bus = await CreateBusAsync();
        var receiver = new Receiver();
        await using var subscription = await BindAsync(bus, receiver, "a");

        await subscription.UnbindAsync([Callback("a")], CancellationToken.None);
        await subscription.BindAsync(Callback("a"), CancellationToken.None);
        await bus.PublishAsync(Event("a", 1), CancellationToken.None);

        (await receiver.WaitForAsync(1)).Should().Equal(1);
    }

    [Test]
    public async Task Bind_ManyTopics_AllAreReceived()
    {
        var bus = await CreateBusAsync();
        var receiver = new Receiver();
        var topics = Enumerable.Range(0, 500).Select(i => $"topic {i} é😀").ToArray();
        await using var subscription = await BindAsync(bus, receiver, topics);

        for (var i = 0; i < topics.Length; i++) await bus.PublishAsync(Event(topics[i], i), CancellationToken.None);

        (await receiver.WaitForAsync(topics.Length)).Order().Should().Equal(Enumerable.Range(0, topics.Length));
    }

    [TestCase(255)]
    [TestCase(256)]
    [TestCase(4096)]
    public async Task Bind_ALongKey_IsReceived(int length)
    {
        var bus = await CreateBusAsync();
        var receiver = new Receiver();
        var key = new string('k', length);
        await using var subscription = await BindAsync(bus, receiver, key);

        await bus.PublishAsync(Event(key, 1), CancellationToken.None);

        (await receiver.WaitForAsync(1)).Should().Equal(1);
    }

    [Test]
    public async Task Dispose_ASubscription_EndsItAndNoOther()
    {
        var bus = await CreateBusAsync();
        var (first, second) = (new Receiver(), new Receiver());
        var ended = await BindAsync(bus, first, "a");
        await using var going = await BindAsync(bus, second, "a");

        await ended.DisposeAsync();
        await bus.PublishAsync(Event("a", 1), CancellationToken.None);

        (await second.WaitForAsync(1)).Should().Equal(1);
        first.Numbers.Should().BeEmpty();
    }

    protected static CallbackEvent Event(string state, int number) => new(DateTime.UnixEpoch, number.ToString(), state);

    protected abstract Task<IEventBus> CreateBusAsync();

    private static Topic Callback(string key) => new(EventKinds.Callback, key);

    private static async Task<IBusSubscription> BindAsync(IEventBus bus, IEventReceiver receiver, params string[] states)
    {
        var subscription = await bus.SubscribeAsync(receiver, CancellationToken.None);
        foreach (var state in states) await subscription.BindAsync(Callback(state), CancellationToken.None);
        return subscription;
    }

    /// <summary>Keeps the numbers of the events that it receives.</summary>
    protected sealed class Receiver(Action<TealEvent>? onEvent = null, Func<TealEvent, int>? number = null) : IEventReceiver
    {
        private readonly ConcurrentQueue<int> _numbers = new();

        public IReadOnlyCollection<int> Numbers => _numbers;

        public int Resynchronizations { get; private set; }

        /// <summary>What the bus told of, and did not bring; null: there is no journal to read it from.</summary>
        public ConcurrentQueue<(Topic Topic, EventPlace Place)>? CaughtUp { get; init; }

        public bool TryCatchUp(Topic topic, EventPlace place)
        {
            CaughtUp?.Enqueue((topic, place));
            return CaughtUp is not null;
        }

        public void Resynchronize() => Resynchronizations++;

        public void Receive(TealEvent @event)
        {
            onEvent?.Invoke(@event);
            _numbers.Enqueue(number?.Invoke(@event) ?? int.Parse(((CallbackEvent)@event).Url));
        }

        /// <summary>Waits for that many, and returns all there are.</summary>
        public async Task<IReadOnlyCollection<int>> WaitForAsync(int count)
        {
            await Eventually.HoldsAsync(() => _numbers.Count >= count, $"{count} events");
            return Numbers;
        }
    }
}
