using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.Publishing;
using Teal.Core.Wire;
using Teal.Tests.Support;

namespace Teal.Tests.Core;

public sealed class EventPublisherTests
{
    private static readonly CallbackEvent Event = new(DateTime.UnixEpoch, "http://x/callback?state=a", "a");

    private ManualTimeProvider _clock = null!;
    private SlowJournal _journal = null!;
    private RecordingBus _bus = null!;
    private EventPublisher _publisher = null!;

    [SetUp]
    public void Make()
    {
        (_clock, _journal, _bus) = (new ManualTimeProvider(), new SlowJournal(), new RecordingBus());
        _publisher = PublisherTo(_bus);
    }

    [Test]
    public async Task Publish_AnEventThatIsKept_TellsTheBusAndAnswersWhenItIsDurable()
    {
        var publishing = _publisher.PublishAsync(Event, null, true, "1").AsTask();

        _bus.Told.Should().Equal(Event);
        publishing.IsCompleted.Should().BeFalse();
        _journal.Appending.SetResult(Event);
        (await publishing.WithinLimit()).Should().Be(PublishResult.Accepted);
        _bus.Told.Should().ContainSingle();
    }

    [Test]
    public async Task Publish_AnEventThatIsKeptAndNotDurable_IsUnavailable()
    {
        var publishing = _publisher.PublishAsync(Event, null, true, "1").AsTask();
        _journal.Appending.SetException(new IOException());

        (await publishing.WithinLimit()).Should().Be(PublishResult.Unavailable);
        _bus.Told.Should().ContainSingle();
    }

    [Test]
    public async Task Publish_LongerThanTheTimeout_IsUnavailable()
    {
        var publishing = _publisher.PublishAsync(Event, null, true, "1").AsTask();
        _clock.Advance(new EventPublisherOptions().PublishTimeout);

        (await publishing.WithinLimit()).Should().Be(PublishResult.Unavailable);
    }

    [Test]
    public async Task Drain_WhileTheBusHasNotTakenAllThatWasAccepted_WaitsForIt()
    {
        _journal.Appending.SetResult(Event);
        _bus.Answer = _bus.Taking.Task;
        (await _publisher.PublishAsync(Event, null, true, "1")).Should().Be(PublishResult.Accepted);
        _bus.Answer = Task.FromException(new IOException());
        (await _publisher.PublishAsync(Event, null, true, "2")).Should().Be(PublishResult.Accepted);

        var draining = _publisher.DrainAsync(CancellationToken.None);
        draining.IsCompleted.Should().BeFalse();
        _bus.Taking.SetResult();
        await draining.WithinLimit();
    }

    [Test]
    public async Task Publish_WhileTheBusThrows_IsAcceptedAndDrained()
    {
        var publisher = PublisherTo(new ClosedBus());
        _journal.Appending.SetResult(Event);

        (await publisher.PublishAsync(Event, null, true, "1")).Should().Be(PublishResult.Accepted);
        await publisher.DrainAsync(CancellationToken.None).WithinLimit();
    }

    [Test]
    public async Task Publish_WhileTheBusIsSlow_TellsOnlySoManyBytes()
    {
        _journal.Appending.SetResult(Event);
        _bus.Answer = _bus.Taking.Task;
        var most = (int)new EventPublisherOptions().MaximumUntoldSize;
        var large = new PowensWebhookEvent(DateTime.UnixEpoch, "d", "e", null, null, new Utf8Text(new byte[most / 2]));

        for (var i = 0; i < 5; i++) (await _publisher.PublishAsync(large, null, true, "1")).Should().Be(PublishResult.Accepted);
        _bus.Told.Should().HaveCount(2, "of the others the dispatchers learn from the journal");

        _bus.Taking.SetResult();
        await Eventually.HoldsAsync(
            async () =>
            {
                var before = _bus.Told.Count;
                await _publisher.PublishAsync(large, null, true, "1");
                return _bus.Told.Count > before;
            },
            "there is room again");
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Publish_ThatIsRefusedAgainAndAgain_IsSaidOnceAndThenSummed(Exception refusal, LogLevel level)
    {
        using var log = new LogRecorder();
        var publisher = new EventPublisher(
            _journal, _bus, new JournalOptions(), new EventPublisherOptions(), _clock,
            new Logger<EventPublisher>(new LoggerFactory([log])));
        _journal.Appending.SetException(refusal);

        for (var i = 0; i < 100; i++) (await publisher.PublishAsync(Event, null, true, "1")).Should().Be(PublishResult.Unavailable);
        log.Lines.Should().ContainSingle(line => line.Level == level);
        _clock.Advance(RepeatedMessage.Interval);

        log.Lines.Should().HaveCount(2).And.AllSatisfy(line => line.Level.Should().Be(level));
        log.Lines[1].Text.Should().Contain("99 times more in the last 60 s");
    }

    [Test]
    public async Task Publish_AfterAFault_SaysThatItWorksAgain()
    {
        using var log = new LogRecorder();
        var publisher = new EventPublisher(
            _journal, _bus, new JournalOptions(), new EventPublisherOptions(), _clock,
            new Logger<EventPublisher>(new LoggerFactory([log])));
        _journal.Appending.SetException(new IOException());
        await publisher.PublishAsync(Event, null, true, "1");
        _journal.Appending = new TaskCompletionSource<TealEvent>();
        _journal.Appending.SetResult(Event);

        for (var i = 0; i < 3; i++) (await publisher.PublishAsync(Event, null, true, "1")).Should().Be(PublishResult.Accepted);

        log.Lines.Where(static line => line.Level == LogLevel.Information)
            .Should().ContainSingle().Which.Text.Should().Contain("kept again");
    }

    private static IEnumerable<TestCaseData> Refusals() =>
    [
        new TestCaseData(new JournalFullException("Too much waits."), LogLevel.Warning),
        new TestCaseData(new IOException(), LogLevel.Error),
    ];

    private EventPublisher PublisherTo(IEventBus bus) =>
        new(_journal, bus, new JournalOptions(), new EventPublisherOptions(), _clock, NullLogger<EventPublisher>.Instance);

    private sealed class SlowJournal : IEventJournal
    {
        public TaskCompletionSource<TealEvent> Appending { get; set; } = new();

        public string Id => "slow";

        public ValueTask<TealEvent> AppendAsync(
            TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken)
        {
            kept(@event);
            return new ValueTask<TealEvent>(Appending.Task);
        }

        public ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<string?> FindOwnerAsync(Topic topic, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, int size, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<int> DeleteAsync(Topic topic, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class RecordingBus : IEventBus
    {
        public List<TealEvent> Told { get; } = [];

        public TaskCompletionSource Taking { get; } = new();

        public Task Answer { get; set; } = Task.CompletedTask;

        public ValueTask PublishAsync(TealEvent @event, CancellationToken cancellationToken)
        {
            Told.Add(@event);
            return new ValueTask(Answer);
        }

        public Task<IBusSubscription> SubscribeAsync(IEventReceiver receiver, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    private sealed class ClosedBus : IEventBus
    {
        public ValueTask PublishAsync(TealEvent @event, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public Task<IBusSubscription> SubscribeAsync(IEventReceiver receiver, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
