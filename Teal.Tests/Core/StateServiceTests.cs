using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.States;
using Teal.Tests.Support;

namespace Teal.Tests.Core;

/// <summary>
/// What is made of a state and its events is made whole, and can be taken back; <c>WholeMessageTests</c> tries it with each store.
/// </summary>
public sealed class StateServiceTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly CallbackStateOptions _options = new();
    private readonly MemoryCallbackStateStore _store;
    private readonly MemoryEventJournal _journal;
    private readonly StateService _states;

    public StateServiceTests()
    {
        _store = new MemoryCallbackStateStore(_options, _clock);
        _journal = new MemoryEventJournal(new JournalOptions(), _clock);
        _states = new StateService(_store, _journal, _options, _clock);
    }

    [Test]
    public async Task TakeBack_AStateThatReplacedOne_KeepsItsEventsAsLongAsBefore()
    {
        await _states.CreateAsync(State("s", minutes: 60));
        await AppendAsync("s", minutes: 60);

        await _states.TakeBackAsync((await _states.CreateAsync(State("s", minutes: 10)))!);

        (await _store.FindAsync("s", CancellationToken.None)).Should().Be(State("s", minutes: 60));
        (await CountAfterAsync("s", minutes: 30)).Should().Be(1);
        (await CountAfterAsync("s", minutes: 31)).Should().Be(0);
    }

    [Test]
    public async Task TakeBack_ANewState_DeletesIt()
    {
        var odd = State("s", minutes: 60) with { ExpiresAt = _clock.GetUtcNow().UtcDateTime.AddHours(1).AddTicks(7) };

        await _states.TakeBackAsync((await _states.CreateAsync(odd))!);

        (await _store.FindAsync("s", CancellationToken.None)).Should().BeNull();
        _store.Count.Should().Be(0);
    }

    [Test]
    public async Task TakeBack_AStateThatWasMadeAgainSince_LeavesTheLaterOne()
    {
        var change = await _states.CreateAsync(State("s", minutes: 60));
        await _states.CreateAsync(State("s", minutes: 50));

        await _states.TakeBackAsync(change!);

        (await _store.FindAsync("s", CancellationToken.None)).Should().Be(State("s", minutes: 50));
    }

    [Test]
    public async Task Create_AgainWhatCannotBeStored_KeepsItsEventsAsLongAsBefore()
    {
        await _states.CreateAsync(State("s", minutes: 60));
        await AppendAsync("s", minutes: 60);
        var away = new HookedStateStore(
            _store, static (method, _) => method == "PutAsync" ? Task.FromException(new IOException("away")) : Task.CompletedTask);

        await FluentActions.Awaiting(
            async () => await new StateService(away, _journal, _options, _clock).CreateAsync(State("s", minutes: 10)))
            .Should().ThrowAsync<IOException>();

        (await CountAfterAsync("s", minutes: 30)).Should().Be(1);
    }

    [Test]
    public async Task Create_InAStoreThatIsFull_ChangesNothingOfTheEvents()
    {
        _options.MaximumStates = 1;
        await _states.CreateAsync(State("other", minutes: 60));
        await AppendAsync("s", minutes: 60);

        (await _states.CreateAsync(State("s", minutes: 10))).Should().BeNull();

        (await CountAfterAsync("s", minutes: 30)).Should().Be(1);
    }

    [TestCase(9, true)]
    [TestCase(10, null)]
    [TestCase(610, null)]
    [TestCase(611, false)]
    public void FaultOf_AnExpiry_IsByTheBoundsAndForgivesALittle(int seconds, bool? isTooEarly)
    {
        _options.MaximumLifetime = TimeSpan.FromMinutes(10);

        (_states.FaultOf(_clock.GetUtcNow().UtcDateTime.AddSeconds(seconds))?.IsTooEarly).Should().Be(isTooEarly);
    }

    private CallbackState State(string state, int minutes) =>
        new(state, null, false, _clock.GetUtcNow().UtcDateTime.AddMinutes(minutes), "anonymous");

    private async Task AppendAsync(string state, int minutes)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        var callback = new CallbackEvent(now, "http://x/callback", state);
        await _journal.AppendAsync(callback, new EventRetention(now.AddMinutes(minutes), true), static _ => { }, CancellationToken.None);
    }

    private async Task<int> CountAfterAsync(string state, int minutes)
    {
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        await _journal.SweepAsync(CancellationToken.None);
        return (await _journal.ReadAsync(new Topic(EventKinds.Callback, state), 0, 10, int.MaxValue, CancellationToken.None)).Events.Count;
    }
}
