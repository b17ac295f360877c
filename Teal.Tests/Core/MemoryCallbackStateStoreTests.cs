using Teal.Core.States;
using Teal.Tests.Contracts;

namespace Teal.Tests.Core;

public sealed class MemoryCallbackStateStoreTests : CallbackStateStoreContract
{
    private readonly CallbackStateOptions _options = new();

    [Test]
    public async Task Sweep_ExpiredStates_DeletesThemAndNoOther()
    {
        var store = new MemoryCallbackStateStore(_options, Clock);
        for (var i = 0; i < 10; i++) await store.PutAsync(State($"{i}"), CancellationToken.None);
        await store.PutAsync(State("later") with { ExpiresAt = Clock.GetUtcNow().UtcDateTime.AddHours(2) }, CancellationToken.None);
        Clock.Advance(TimeSpan.FromHours(1));

        (await store.SweepAsync(CancellationToken.None)).Should().Be(10);

        store.Count.Should().Be(1);
        (await store.FindAsync("later", CancellationToken.None)).Should().NotBeNull();
    }

    [Test]
    public async Task Put_IntoAFullStore_IsRefusedAndReplacingIsNot()
    {
        _options.MaximumStates = 2;
        var store = new MemoryCallbackStateStore(_options, Clock);
        await store.PutAsync(State("1"), CancellationToken.None);
        await store.PutAsync(State("2"), CancellationToken.None);

        (await store.PutAsync(State("3"), CancellationToken.None)).Should().Be(StoreResult.Full);
        (await store.PutAsync(State("2"), CancellationToken.None)).Should().Be(StoreResult.Stored);
        await store.DeleteAsync("1", "anonymous", CancellationToken.None);
        (await store.PutAsync(State("3"), CancellationToken.None)).Should().Be(StoreResult.Stored);
    }

    [Test]
    public async Task Put_MoreBytesThanAllowed_IsRefusedUntilOthersAreGone()
    {
        _options.MaximumStatesSize = 10_000;
        var store = new MemoryCallbackStateStore(_options, Clock);
        var large = State(new string('x', 4000));
        (await store.PutAsync(large, CancellationToken.None)).Should().Be(StoreResult.Stored);

        (await store.PutAsync(State(new string('y', 4000)), CancellationToken.None)).Should().Be(StoreResult.Full);
        (await store.PutAsync(large with { WithFragment = true }, CancellationToken.None)).Should().Be(StoreResult.Stored);
        (await store.PutAsync(large with { FinalRedirectUrl = $"https://example.org/{new string('z', 4000)}" }, CancellationToken.None))
            .Should().Be(StoreResult.Full);
        (await store.PutAsync(State("small"), CancellationToken.None)).Should().Be(StoreResult.Stored);
        await store.DeleteAsync(large.State, "anonymous", CancellationToken.None);
        (await store.PutAsync(State(new string('y', 4000)), CancellationToken.None)).Should().Be(StoreResult.Stored);
    }

    [Test]
    public async Task Find_AnExpiredState_LeavesItToTheSweep()
    {
        var store = new MemoryCallbackStateStore(_options, Clock);
        await store.PutAsync(State("s"), CancellationToken.None);

        Clock.Jump(TimeSpan.FromDays(3650));
        (await store.FindAsync("s", CancellationToken.None)).Should().BeNull();

        Clock.Jump(TimeSpan.FromDays(-3650));
        (await store.FindAsync("s", CancellationToken.None)).Should().NotBeNull();
    }

    protected override ICallbackStateStore CreateStore() => new MemoryCallbackStateStore(_options, Clock);
}
