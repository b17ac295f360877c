using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Core.Wire;
using Teal.Tests.Contracts;
using Teal.Tests.Support;

namespace Teal.Tests.Core;

[TestFixture(false)]
[TestFixture(true)]
public sealed class InProcessEventBusTests(bool receivesOnPublisher) : EventBusContract
{
    [Test]
    public async Task PublishAsync_FullQueue_HasTheReceiverLookForWhatItMissed()
    {
        var bus = new InProcessEventBus(
            new InProcessBusOptions { QueueLength = 1 }, receivesOnPublisher: false, NullLogger<InProcessEventBus>.Instance);
        using var gate = new ManualResetEventSlim();
        var receiver = new Receiver(_ => gate.Wait());
        var subscription = await bus.SubscribeAsync(receiver, CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.Callback, "a"), CancellationToken.None);

        for (var i = 0; i < 5; i++) bus.PublishAsync(Event("a", i), CancellationToken.None).IsCompletedSuccessfully.Should().BeTrue();

        gate.Set();
        await bus.DrainAsync(CancellationToken.None);
        receiver.Numbers.Should().HaveCountLessThan(5).And.StartWith([0]);
        receiver.Resynchronizations.Should().BePositive();
    }

    [Test]
    public async Task PublishAsync_LargeEvents_WaitUpToTheirBytes()
    {
        var bus = new InProcessEventBus(
            new InProcessBusOptions { QueueSize = 1_000_000 }, receivesOnPublisher: false, NullLogger<InProcessEventBus>.Instance);
        using var gate = new ManualResetEventSlim();
        var receiver = new Receiver(_ => gate.Wait(), static _ => 0);
        var subscription = await bus.SubscribeAsync(receiver, CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.PowensDomain, "d"), CancellationToken.None);
        var webhook = new PowensWebhookEvent(DateTime.UnixEpoch, "d", "e", null, null, new Utf8Text(new byte[300_000]));

        for (var i = 0; i < 100; i++) await bus.PublishAsync(webhook, CancellationToken.None);
        gate.Set();
        await Eventually.HoldsAsync(() => receiver.Resynchronizations > 0, "the receiver is told");
        receiver.Numbers.Should().HaveCountLessThan(10, "four wait, and some were received before the gate held");

        // And again, when there is room.
        var before = receiver.Numbers.Count;
        await bus.PublishAsync(webhook, CancellationToken.None);
        await bus.DrainAsync(CancellationToken.None);
        receiver.Numbers.Should().HaveCountGreaterThan(before);
    }

    [Test]
    public async Task DrainAsync_WithEventsUnderWay_CompletesWhenAllAreReceived()
    {
        var bus = Create();
        var received = 0;
        var subscription = await bus.SubscribeAsync(new Receiver(_ => received++), CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.Callback, "a"), CancellationToken.None);
        for (var i = 0; i < 1000; i++) await bus.PublishAsync(Event("a", i), CancellationToken.None);

        await bus.DrainAsync(CancellationToken.None);

        received.Should().Be(1000);
        var late = async () => await bus.PublishAsync(Event("a", 1), CancellationToken.None);
        await late.Should().ThrowAsync<Exception>("what would be lost must not look accepted");
    }

    [Test]
    public async Task Receive_ThatThrows_DoesNotEndTheBus()
    {
        var bus = Create();
        var receiver = new Receiver(@event => _ = ((CallbackEvent)@event).Url == "1" ? throw new InvalidOperationException() : 0);
        var subscription = await bus.SubscribeAsync(receiver, CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.Callback, "a"), CancellationToken.None);

        await bus.PublishAsync(Event("a", 1), CancellationToken.None);
        await bus.PublishAsync(Event("a", 2), CancellationToken.None);

        (await receiver.WaitForAsync(1)).Should().Equal(2);
    }

    [Test]
    public async Task Receive_WithNothingBefore_IsOnThePublishersThreadWhereTheBusSaysSo()
    {
        var bus = await CreateBusAsync();
        var threads = new List<int>();
        await using var subscription = await bus.SubscribeAsync(
            new Receiver(_ => { lock (threads) threads.Add(Environment.CurrentManagedThreadId); }), CancellationToken.None);
        await subscription.BindAsync(new Topic(EventKinds.Callback, "a"), CancellationToken.None);

        // Publishes until the reader waits, which it begins to do on a thread of its own.
        var publisher = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            for (var i = 0; i < 1000 || (receivesOnPublisher && !IsOwn()); i++)
                bus.PublishAsync(Event("a", i), CancellationToken.None).AsTask();
            publisher.SetResult(Environment.CurrentManagedThreadId);
        });
        thread.IsBackground = true;
        thread.Start();

        var own = await publisher.Task.WithinLimit();
        lock (threads) threads.Contains(own).Should().Be(receivesOnPublisher);

        bool IsOwn()
        {
            lock (threads) return threads.Contains(Environment.CurrentManagedThreadId);
        }
    }

    protected override Task<IEventBus> CreateBusAsync() => Task.FromResult<IEventBus>(Create());

    private InProcessEventBus Create() => new(new InProcessBusOptions(), receivesOnPublisher, NullLogger<InProcessEventBus>.Instance);
}
