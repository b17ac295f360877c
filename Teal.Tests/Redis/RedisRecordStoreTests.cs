using Teal.Core.Records;
using Teal.Redis;
using Teal.Tests.Accounts;
using Teal.Tests.Contracts;
using Teal.Tests.Support;

namespace Teal.Tests.Redis;

[Category("Redis")]
[NonParallelizable]
public sealed class RedisRecordStoreTests : RecordStoreContract
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
    public async Task Put_ARecordWithAnEnd_HasRedisForgetItAndTheSweepItsName()
    {
        var store = (RedisRecordStore)CreateStore();
        await store.PutAsync(Tickets, "t", default, Clock.GetUtcNow().UtcDateTime.AddTicks(1), null, CancellationToken.None);
        await PutAsync(store, "for ever");

        await Eventually.HoldsAsync(async () => await Server.SendAsync("EXISTS", "teal:r:ticket\0t") is 0L, "a key that Redis has dropped");
        (await Server.SendAsync("ZCARD", "teal:records")).Should().Be(2L);
        (await store.SweepAsync(CancellationToken.None)).Should().Be(1);

        (await Server.SendAsync("ZCARD", "teal:records")).Should().Be(1L);
        (await ListAsync(store, Accounts, "")).Should().Equal("for ever");
    }

    [Test]
    public async Task Find_FromAnotherProcess_ReturnsWhatOneStored()
    {
        await PutAsync(CreateStore(), "anna", "value");

        (await TextAsync(CreateStore(), "anna")).Should().Be("value");
    }

    [Test]
    public async Task Account_ChangedByOneProcess_IsSeenByAnotherAfterASecond()
    {
        using var first = new SecretHouse(CreateStore(), Clock);
        using var second = new SecretHouse(CreateStore(), Clock);
        await first.AddAsync("anna", "secret");
        (await second.AskBasicAsync("anna", "secret")).Should().NotBeNull();

        await first.Service.SetPasswordAsync(SecretHouse.Admin, "anna", "other", CancellationToken.None);
        Clock.Advance(TimeSpan.FromSeconds(1));

        (await second.AskBasicAsync("anna", "secret")).Should().BeNull();
        (await second.AskBasicAsync("anna", "other")).Should().NotBeNull();
    }

    [Test]
    public async Task Put_InOneSystem_IsNothingInAnother()
    {
        await PutAsync(CreateStore(), "anna");

        (await ListAsync(CreateStore("other"), Accounts, "")).Should().BeEmpty();
    }

    protected override IRecordStore CreateStore() => CreateStore("");

    private RedisRecordStore CreateStore(string system)
    {
        var connection = new RedisConnection(new RedisOptions { Configuration = Server.EndPoint, System = system }, Clock);
        _connections.Add(connection);
        return new RedisRecordStore(connection, Options, Clock);
    }
}
