using Teal.Core.Addresses;
using Teal.Core.Events;
using Teal.Core.Identities;
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
    public async Task Create_AStateThatMayNotLeadThere_ChangesNothing()
    {
        RedirectList.TryParse(["https://app.example.org/*"], out var redirects, out _).Should().BeTrue();
        var anna = new Identity { Account = "anna", Team = "shop", Permissions = Permissions.All, Redirects = redirects! };
        var wish = Wish("s", minutes: 60);

        (await _states.CreateAsync(anna, wish with { FinalRedirectUrl = "https://evil.example/" }))
            .Should().Be(new StateCreation(ChangeOutcome.RedirectNotAllowed, null));

        _store.Count.Should().Be(0);
        (await _states.CreateAsync(anna, wish with { FinalRedirectUrl = "https://app.example.org/cb" })).Outcome
            .Should().Be(ChangeOutcome.Done);
        (await _states.CreateAsync(anna, wish)).Outcome.Should().Be(ChangeOutcome.Done, "it leads nowhere");
    }

    [TestCase("anna", "anna", null, null, null)]
    [TestCase("anna", "anna", "member", null, null, Description = "whose role is known")]
    [TestCase("anna", "shop", "member", null, "anna")]
    [TestCase("anna", "anna", null, "corp", null)]
    [TestCase("anna", "anna", "member", "corp", "anna/member")]
    public async Task Create_AState_NotesWhoMadeItWhereTheOwnerDoesNotSayIt(
        string account, string team, string? role, string? issuer, string? maker)
    {
        var by = new Identity { Account = account, Team = team, Role = role, Issuer = issuer, Permissions = Permissions.All };

        var state = (await _states.CreateAsync(by, Wish("s", minutes: 60))).Change!.State;

        state.MadeBy.Should().Be(maker);
        StateMaker.Of(state).Should().Be(new StateMaker(account, issuer is null ? null : role));
    }

    [Test]
    public async Task TakeBack_AStateThatReplacedOne_KeepsItsEventsAsLongAsBefore()
    {
        await CreateAsync("s", minutes: 60);
        await AppendAsync("s", minutes: 60);

        await _states.TakeBackAsync((await CreateAsync("s", minutes: 10)).Change!);

        (await _store.FindAsync("s", CancellationToken.None)).Should().Be(State("s", minutes: 60));
        (await CountAfterAsync("s", minutes: 30)).Should().Be(1);
        (await CountAfterAsync("s", minutes: 31)).Should().Be(0);
    }

    [Test]
    public async Task TakeBack_ANewState_DeletesIt()
    {
        var odd = new StateWish("s", null, false, _clock.GetUtcNow().UtcDateTime.AddHours(1).AddTicks(7));

        await _states.TakeBackAsync((await _states.CreateAsync(Identity.Anonymous, odd)).Change!);

        (await _store.FindAsync("s", CancellationToken.None)).Should().BeNull();
        _store.Count.Should().Be(0);
    }

    [Test]
    public async Task TakeBack_AStateThatWasMadeAgainSince_LeavesTheLaterOne()
    {
        var creation = await CreateAsync("s", minutes: 60);
        await CreateAsync("s", minutes: 50);

        await _states.TakeBackAsync(creation.Change!);

        (await _store.FindAsync("s", CancellationToken.None)).Should().Be(State("s", minutes: 50));
    }

    [Test]
    public async Task Create_AgainWhatCannotBeStored_KeepsItsEventsAsLongAsBefore()
    {
        await CreateAsync("s", minutes: 60);
        await AppendAsync("s", minutes: 60);
        var away = new HookedStateStore(
            _store, static (method, _) => method == "PutAsync" ? Task.FromException(new IOException("away")) : Task.CompletedTask);

        await FluentActions.Awaiting(
            async () => await new StateService(away, _journal, _options, _clock).CreateAsync(Identity.Anonymous, Wish("s", minutes: 10)))
            .Should().ThrowAsync<IOException>();

        (await CountAfterAsync("s", minutes: 30)).Should().Be(1);
    }

    [Test]
    public async Task Create_InAStoreThatIsFull_ChangesNothingOfTheEvents()
    {
        _options.MaximumStates = 1;
        await CreateAsync("other", minutes: 60);
        await AppendAsync("s", minutes: 60);

        (await CreateAsync("s", minutes: 10)).Should().Be((StateCreation)ChangeOutcome.NoRoom);

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

    [Test]
    public async Task Create_AnotherTeamsState_IsTakenAndChangesNothingOfItsEvents()
    {
        await CreateAsync("s", minutes: 60, Acme);
        await AppendAsync("s", minutes: 60);

        (await CreateAsync("s", minutes: 10, Beta)).Should().Be((StateCreation)ChangeOutcome.Taken);
        (await CreateAsync("s", minutes: 10)).Should().Be((StateCreation)ChangeOutcome.Taken);

        (await _store.FindAsync("s", CancellationToken.None)).Should().Be(State("s", minutes: 60) with { Owner = "acme" });
        (await CountAfterAsync("s", minutes: 30)).Should().Be(1);
    }

    [Test]
    public async Task Create_WhatAnotherTeamMadeJustThen_IsTakenAndItsEventsAreKeptAsLongAsItLives()
    {
        var racing = new HookedStateStore(_store, async (method, _) =>
        {
            if (method != nameof(ICallbackStateStore.PutAsync)) return;

            await CreateAsync("s", minutes: 60, Acme);
            await AppendAsync("s", minutes: 60);
        });

        (await new StateService(racing, _journal, _options, _clock).CreateAsync(Beta, Wish("s", minutes: 10)))
            .Should().Be((StateCreation)ChangeOutcome.Taken);

        (await CountAfterAsync("s", minutes: 30)).Should().Be(1);
    }

    [Test]
    public async Task Create_AStateThatAnotherTeamHadAndThatIsOver_BelongsToWhoeverMakesIt()
    {
        await CreateAsync("s", minutes: 10, Acme);
        _clock.Advance(TimeSpan.FromMinutes(10));

        (await CreateAsync("s", minutes: 60, Beta)).Outcome.Should().Be(ChangeOutcome.Done);

        (await _store.FindAsync("s", CancellationToken.None))!.Owner.Should().Be("beta");
    }

    [Test]
    public async Task Create_ByAnotherAccountOfTheTeam_ReplacesTheState()
    {
        await CreateAsync("s", minutes: 10, Acme);

        var colleague = new Identity { Account = "bob", Team = "acme", Permissions = Permissions.AllButAdmin };
        (await CreateAsync("s", minutes: 60, colleague)).Outcome.Should().Be(ChangeOutcome.Done);

        (await _store.FindAsync("s", CancellationToken.None)).Should().Be(
            State("s", minutes: 60) with { Owner = "acme", MadeBy = "bob" });
    }

    [Test]
    public async Task CreateAndDelete_WithoutThePermission_ChangeNothing()
    {
        await CreateAsync("s", minutes: 60, Acme);
        var reader = new Identity { Account = "reader", Team = "acme", Permissions = BuiltInRoles.Find(BuiltInRoles.Reader, "acme")! };

        (await CreateAsync("other", minutes: 60, reader)).Should().Be((StateCreation)ChangeOutcome.NotAllowed);
        (await _states.DeleteAsync(reader, "s")).Should().Be(ChangeOutcome.NotAllowed);

        _store.Count.Should().Be(1);
        (await _store.FindAsync("s", CancellationToken.None)).Should().NotBeNull();
    }

    [Test]
    public async Task Delete_AnotherTeamsState_IsAsForAnUnknownOneAndDeletesNothing()
    {
        await CreateAsync("s", minutes: 60, Acme);
        await AppendAsync("s", minutes: 60);

        foreach (var other in new[] { Beta, Identity.Anonymous })
            (await _states.DeleteAsync(other, "s")).Should().Be(ChangeOutcome.Done).And.Be(await _states.DeleteAsync(other, "unknown"));

        (await _store.FindAsync("s", CancellationToken.None)).Should().NotBeNull();
        (await CountAfterAsync("s", minutes: 0)).Should().Be(1);
        (await _states.DeleteAsync(Acme, "s")).Should().Be(ChangeOutcome.Done);
        _store.Count.Should().Be(0);
        (await CountAfterAsync("s", minutes: 0)).Should().Be(0);
    }

    private static Identity Acme { get; } = new() { Account = "acme", Permissions = Permissions.AllButAdmin };

    private static Identity Beta { get; } = new() { Account = "beta", Permissions = Permissions.All };

    private async Task<StateCreation> CreateAsync(string state, int minutes, Identity? by = null) =>
        await _states.CreateAsync(by ?? Identity.Anonymous, Wish(state, minutes));

    private StateWish Wish(string state, int minutes) => new(state, null, false, _clock.GetUtcNow().UtcDateTime.AddMinutes(minutes));

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
