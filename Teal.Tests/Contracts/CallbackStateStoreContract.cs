using System.Text;
using Teal.Core.States;
using Teal.Tests.Support;

namespace Teal.Tests.Contracts;

/// <summary>What every <see cref="ICallbackStateStore"/> does.</summary>
public abstract class CallbackStateStoreContract
{
    private protected ManualTimeProvider Clock { get; } = new();

    private DateTime InAnHour => Clock.GetUtcNow().UtcDateTime.AddHours(1);

    [Test]
    public async Task Find_AStoredState_ReturnsItWhole()
    {
        var store = CreateStore();
        var state = new CallbackState("s", "https://example.org/cb?é=😀", true, InAnHour.AddMicroseconds(123456), "anonymous");

        (await store.PutAsync(state, CancellationToken.None)).Should().Be(StoreResult.Stored);

        (await store.FindAsync("s", CancellationToken.None)).Should().Be(state);
    }

    [TestCase("anna")]
    [TestCase("anna/member")]
    [TestCase(null)]
    public async Task Find_AState_ReturnsWhoMadeIt(string? maker)
    {
        var store = CreateStore();
        await store.PutAsync(State("s") with { MadeBy = "former" }, CancellationToken.None);
        var state = State("s") with { MadeBy = maker };
        await store.PutAsync(state, CancellationToken.None);

        (await store.FindAsync("s", CancellationToken.None)).Should().Be(state);
    }

    [Test]
    public async Task Find_AnUnknownState_ReturnsNothing()
    {
        var store = CreateStore();
        await store.PutAsync(State("s"), CancellationToken.None);

        (await store.FindAsync("S", CancellationToken.None)).Should().BeNull();
        (await store.FindAsync("s ", CancellationToken.None)).Should().BeNull();
        (await store.FindAsync("", CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Put_AgainUnderTheSameState_ReplacesItsSettings()
    {
        var store = CreateStore();
        await store.PutAsync(State("s") with { FinalRedirectUrl = "https://example.org/1", WithFragment = true }, CancellationToken.None);
        await store.PutAsync(State("s"), CancellationToken.None);

        (await store.FindAsync("s", CancellationToken.None)).Should().Be(State("s"));
    }

    [TestCase("a b/c?d=e&f#g%h+i")]
    [TestCase("é😀\u0301")]
    [TestCase("nul\0and\nline")]
    [TestCase("'; DROP TABLE callback_states; --")]
    [TestCase(" ")]
    public async Task Find_AStateOfAnyCharacters_ReturnsExactlyThatOne(string state)
    {
        var store = CreateStore();
        await store.PutAsync(State(state), CancellationToken.None);

        (await store.FindAsync(state, CancellationToken.None)).Should().Be(State(state));
    }

    [Test]
    public async Task Find_AVeryLongState_ReturnsIt()
    {
        var store = CreateStore();
        var state = State(new string('é', 30_000));
        await store.PutAsync(state, CancellationToken.None);

        (await store.FindAsync(state.State, CancellationToken.None)).Should().Be(state);
        Encoding.UTF8.GetByteCount(state.State).Should().Be(60_000);
    }

    [Test]
    public async Task Find_AtTheInstantOfExpiry_ReturnsNothing()
    {
        var store = CreateStore();
        await store.PutAsync(State("s"), CancellationToken.None);

        Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        (await store.FindAsync("s", CancellationToken.None)).Should().NotBeNull();
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await store.FindAsync("s", CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Find_AStateWithoutExpiry_ReturnsItForEver()
    {
        var store = CreateStore();
        await store.PutAsync(State("s") with { ExpiresAt = null }, CancellationToken.None);

        Clock.Advance(TimeSpan.FromDays(3650));

        (await store.FindAsync("s", CancellationToken.None)).Should().NotBeNull();
    }

    [Test]
    public async Task Delete_AState_ForgetsIt()
    {
        var store = CreateStore();
        await store.PutAsync(State("s"), CancellationToken.None);

        (await store.DeleteAsync("s", "anonymous", CancellationToken.None)).Should().BeTrue();
        (await store.DeleteAsync("s", "anonymous", CancellationToken.None)).Should().BeFalse();
        (await store.FindAsync("s", CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Put_FromManyThreads_KeepsEachState()
    {
        var store = CreateStore();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++) await store.PutAsync(State($"{writer}/{i}"), CancellationToken.None);
        })));

        for (var i = 0; i < 800; i++)
            (await store.FindAsync($"{i / 100}/{i % 100}", CancellationToken.None)).Should().NotBeNull();
    }

    [Test]
    public async Task Put_TheSameStateFromManyThreads_KeepsOneOfThemWhole()
    {
        var store = CreateStore();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
            await store.PutAsync(
                State("s") with { FinalRedirectUrl = $"https://example.org/{i}", WithFragment = i % 2 == 0 }, CancellationToken.None))));

        var found = await store.FindAsync("s", CancellationToken.None);
        var number = int.Parse(found!.FinalRedirectUrl!.Split('/')[^1]);
        found.WithFragment.Should().Be(number % 2 == 0);
    }

    [Test]
    public async Task Put_AStateOfAnotherOwner_IsRefusedAndChangesNothing()
    {
        var store = CreateStore();
        foreach (var (first, second) in new[] { ("acme", "beta"), ("anonymous", "beta"), ("acme", "anonymous"), ("acme", "acm") })
        {
            var state = State($"{first} {second}") with { Owner = first, FinalRedirectUrl = "https://example.org/" };
            await store.PutAsync(state, CancellationToken.None);

            (await store.PutAsync(State(state.State) with { Owner = second }, CancellationToken.None)).Should().Be(StoreResult.NotYours);

            (await store.FindAsync(state.State, CancellationToken.None)).Should().Be(state);
            (await store.PutAsync(state with { WithFragment = true }, CancellationToken.None)).Should().Be(StoreResult.Stored);
        }
    }

    [TestCase(3599, StoreResult.NotYours)]
    [TestCase(3600, StoreResult.Stored)]
    public async Task Put_AStateThatAnotherOwnerHad_IsStoredOnceThatIsOver(int seconds, StoreResult result)
    {
        var store = CreateStore();
        await store.PutAsync(State("s") with { Owner = "acme" }, CancellationToken.None);
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        (await store.PutAsync(State("s") with { Owner = "beta" }, CancellationToken.None)).Should().Be(result);

        (await store.FindAsync("s", CancellationToken.None))!.Owner.Should().Be(result == StoreResult.Stored ? "beta" : "acme");
    }

    [Test]
    public async Task Put_OverAStateOfAnotherOwnerThatNeverEnds_IsRefused()
    {
        var store = CreateStore();
        await store.PutAsync(State("s") with { Owner = "acme", ExpiresAt = null }, CancellationToken.None);
        Clock.Advance(TimeSpan.FromDays(3650));

        (await store.PutAsync(State("s") with { Owner = "beta" }, CancellationToken.None)).Should().Be(StoreResult.NotYours);
    }

    [Test]
    public async Task Put_AStateByManyOwnersAtOnce_IsStoredForOneOfThem()
    {
        var store = CreateStore();
        for (var round = 0; round < 5; round++)
        {
            var state = State($"{round}");
            var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
                (Owner: $"team{i}", Result: await store.PutAsync(state with { Owner = $"team{i}" }, CancellationToken.None)))));

            var winner = results.Should().ContainSingle(static put => put.Result == StoreResult.Stored).Which.Owner;
            results.Should().OnlyContain(put => put.Owner == winner || put.Result == StoreResult.NotYours);
            (await store.FindAsync(state.State, CancellationToken.None))!.Owner.Should().Be(winner);
        }
    }

    [Test]
    public async Task Delete_AStateOfAnotherOwner_LeavesIt()
    {
        var store = CreateStore();
        await store.PutAsync(State("s") with { Owner = "acme" }, CancellationToken.None);

        (await store.DeleteAsync("s", "beta", CancellationToken.None)).Should().BeFalse();
        (await store.DeleteAsync("s", "anonymous", CancellationToken.None)).Should().BeFalse();

        (await store.FindAsync("s", CancellationToken.None)).Should().NotBeNull();
        (await store.DeleteAsync("s", "acme", CancellationToken.None)).Should().BeTrue();
        (await store.PutAsync(State("s") with { Owner = "beta" }, CancellationToken.None)).Should().Be(StoreResult.Stored);
    }

    private protected CallbackState State(string state) => new(state, null, false, InAnHour, "anonymous");

    protected abstract ICallbackStateStore CreateStore();
}
