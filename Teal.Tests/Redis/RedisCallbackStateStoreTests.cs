using System.Text;
using Teal.Core.States;
using Teal.Redis;
using Teal.Tests.Contracts;
using Teal.Tests.Support;

namespace Teal.Tests.Redis;

[Category("Redis")]
[NonParallelizable]
public sealed class RedisCallbackStateStoreTests : CallbackStateStoreContract
{
    private readonly List<RedisConnection> _connections = [];

    private static RedisServer Server => SharedRedis.Server;

    [SetUp]
    public Task Empty() => Server.SendAsync("FLUSHALL");

    [TearDown]
    public void Close()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    [Test]
    public async Task Put_AState_WritesTheSharedFormUnderTheSharedKey()
    {
        var state = State("é/1") with { FinalRedirectUrl = "https://example.org/é", WithFragment = true };
        await CreateStore().PutAsync(state, CancellationToken.None);

        (await Server.GetAsync("callback_é/1")).Should().Be(
            """{"expires_at":"2026-05-01T13:00:00.000000","final_redirect_url":"https://example.org/\u00e9","with_fragment":true}""");
    }

    [Test]
    public async Task Put_AStateWithAnExpiry_HasRedisForgetIt()
    {
        var expiresAt = Clock.GetUtcNow().UtcDateTime.AddMilliseconds(60_000).AddTicks(1);
        await CreateStore().PutAsync(State("s") with { ExpiresAt = expiresAt }, CancellationToken.None);
        await CreateStore().PutAsync(State("for ever") with { ExpiresAt = null }, CancellationToken.None);

        (await Server.SendAsync("PTTL", "callback_s")).As<long>().Should().BeInRange(30_000, 60_001);
        (await Server.SendAsync("PTTL", "callback_for ever")).Should().Be(-1L);
    }

    [Test]
    public async Task Put_AStateThatLivesAMoment_IsGoneFromRedisAfterIt()
    {
        await CreateStore().PutAsync(State("s") with { ExpiresAt = Clock.GetUtcNow().UtcDateTime.AddTicks(1) }, CancellationToken.None);

        await Eventually.HoldsAsync(async () => await Server.SendAsync("EXISTS", "callback_s") is 0L, "a key that Redis has dropped");
    }

    [Test]
    public async Task Put_AnExpiredState_LeavesNothingUnderItsKey()
    {
        var store = CreateStore();
        await store.PutAsync(State("s"), CancellationToken.None);

        (await store.PutAsync(State("s") with { ExpiresAt = Clock.GetUtcNow().UtcDateTime }, CancellationToken.None))
            .Should().Be(StoreResult.Stored);

        (await Server.SendAsync("EXISTS", "callback_s")).Should().Be(0L);
    }

    [Test]
    public async Task Put_AgainWithoutExpiry_TakesTheExpiryAway()
    {
        var store = CreateStore();
        await store.PutAsync(State("s"), CancellationToken.None);
        await store.PutAsync(State("s") with { ExpiresAt = null }, CancellationToken.None);

        (await Server.SendAsync("PTTL", "callback_s")).Should().Be(-1L);
    }

    [TestCase("""{"expires_at":"2026-05-01T12:30:00","final_redirect_url":"https://example.org/","with_fragment":false}""")]
    [TestCase("""{"expires_at":"2026-05-01T14:30:00+02:00","final_redirect_url":"https://example.org/"}""")]
    [TestCase("""{"expires_at":1777638600,"final_redirect_url":"https://example.org/"}""")]
    [TestCase("""{"final_redirect_url":"https://example.org/"}""")]
    public async Task Find_WhatAnotherProgramWrote_IsRead(string value)
    {
        await Server.SendAsync("SET", "callback_s", value);

        var found = await CreateStore().FindAsync("s", CancellationToken.None);

        found!.FinalRedirectUrl.Should().Be("https://example.org/");
        if (value.Contains("expires_at")) found.ExpiresAt.Should().Be(Clock.GetUtcNow().UtcDateTime.AddMinutes(30));
    }

    [TestCase("""{"final_redirect_url":null}""")]
    [TestCase("""{"owner":null}""")]
    [TestCase(""" {"expires_at":"2026-05-01T14:30:00+02:00","owner":"anonymous"}""")]
    [TestCase("""{"expires_at":1777638600}""")]
    [TestCase("""{"expires_at":"2026-05-01T12:00:01"}""")]
    public async Task PutAndDelete_AStateOfTheOriginals_AreAnonymousToDo(string value)
    {
        var store = CreateStore();
        await Server.SendAsync("SET", "callback_s", value);

        (await store.PutAsync(State("s") with { Owner = "acme" }, CancellationToken.None)).Should().Be(StoreResult.NotYours);
        (await store.DeleteAsync("s", "acme", CancellationToken.None)).Should().BeFalse();
        (await Server.GetAsync("callback_s")).Should().Be(value);
        (await store.PutAsync(State("s"), CancellationToken.None)).Should().Be(StoreResult.Stored);
        (await store.DeleteAsync("s", "anonymous", CancellationToken.None)).Should().BeTrue();
    }

    [TestCase("")]
    [TestCase("gibberish")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("""{"owner":7}""")]
    [TestCase("""{"owner":["beta"]}""")]
    [TestCase("""{"owner":"beta","expires_at":"2026-05-01T12:00:00"}""")]
    [TestCase("""{"owner":"beta","expires_at":"2026-05-01T11:59:59.999999"}""")]
    public async Task Put_OverWhatIsNobodysStateAnyMore_IsStored(string value)
    {
        var store = CreateStore();
        await Server.SendAsync("SET", "callback_s", value);

        (await store.PutAsync(State("s") with { Owner = "acme" }, CancellationToken.None)).Should().Be(StoreResult.Stored);

        (await store.FindAsync("s", CancellationToken.None))!.Owner.Should().Be("acme");
    }

    [TestCase("")]
    [TestCase("gibberish")]
    [TestCase("""{"with_fragment":"true"}""")]
    public async Task Find_AnUnreadableValue_IsUnknownAndLeftAlone(string value)
    {
        await Server.SendAsync("SET", "callback_s", value);

        (await CreateStore().FindAsync("s", CancellationToken.None)).Should().BeNull();

        (await Server.GetAsync("callback_s")).Should().Be(value);
    }

    [Test]
    public async Task FindPutDelete_AKeyOfAnotherType_AreNotDisturbed()
    {
        var store = CreateStore();
        await Server.SendAsync("RPUSH", "callback_s", "1", "2");
        (await store.FindAsync("s", CancellationToken.None)).Should().BeNull();
        (await store.DeleteAsync("s", "anonymous", CancellationToken.None)).Should().BeTrue();

        await Server.SendAsync("RPUSH", "callback_s", "1", "2");
        await store.PutAsync(State("s"), CancellationToken.None);
        (await store.FindAsync("s", CancellationToken.None)).Should().Be(State("s"));
    }

    [Test]
    public async Task Find_AnExpiredValueThatIsStillThere_DeletesIt()
    {
        await Server.SendAsync("SET", "callback_s", """{"expires_at":"2020-01-01T00:00:00"}""");

        (await CreateStore().FindAsync("s", CancellationToken.None)).Should().BeNull();

        (await Server.SendAsync("EXISTS", "callback_s")).Should().Be(0L);
    }

    [Test]
    public async Task Find_AValueOfManyMegabytes_IsNoStateAndIsNotRead()
    {
        var store = CreateStore();
        await Server.SendAsync("SETRANGE", "callback_large", 30_000_000, "x");
        (await store.FindAsync("large", CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Find_ALiveStateByAClockThatIsAhead_LeavesItToTheOthers()
    {
        var store = CreateStore();
        await Server.SendAsync("SET", "callback_s", """{"expires_at":"2099-01-01T00:00:00"}""");

        Clock.Jump(TimeSpan.FromDays(36500));
        (await store.FindAsync("s", CancellationToken.None)).Should().BeNull();

        Clock.Jump(TimeSpan.FromDays(-36500));
        (await store.FindAsync("s", CancellationToken.None)).Should().NotBeNull();
    }

    [Test]
    public async Task Find_AStoredState_AsksRedisOnce()
    {
        var store = CreateStore();
        await store.PutAsync(State("s"), CancellationToken.None);
        await Server.SendAsync("CONFIG", "RESETSTAT");

        for (var i = 0; i < 10; i++) await store.FindAsync("s", CancellationToken.None);

        var statistics = Encoding.UTF8.GetString((byte[])(await Server.SendAsync("INFO", "commandstats"))!);
        statistics.Should().Contain("cmdstat_getrange:calls=10,").And.NotContain("cmdstat_eval").And.NotContain("cmdstat_ttl");
    }

    [Test]
    public async Task Find_FromAnotherProcess_IsWhatThisOneStored()
    {
        await CreateStore().PutAsync(State("s"), CancellationToken.None);

        (await CreateStore().FindAsync("s", CancellationToken.None)).Should().Be(State("s"));
    }

    [Test]
    public async Task Find_ACancelledToken_IsCancelled()
    {
        var store = CreateStore();
        await FluentActions.Awaiting(async () => await store.FindAsync("s", new CancellationToken(true)))
            .Should().ThrowAsync<OperationCanceledException>();
    }

    protected override ICallbackStateStore CreateStore()
    {
        var connection = new RedisConnection(new RedisOptions { Configuration = Server.EndPoint }, Clock);
        _connections.Add(connection);
        return new RedisCallbackStateStore(connection, Clock);
    }
}
