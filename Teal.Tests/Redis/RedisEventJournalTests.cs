using Teal.Core.Journal;
using Teal.Redis;
using Teal.Tests.Contracts;
using Teal.Tests.Support;

namespace Teal.Tests.Redis;

[Category("Redis")]
public sealed class RedisEventJournalTests : EventJournalContract
{
    private readonly List<RedisConnection> _connections = [];

    private static RedisServer Server => SharedRedis.Server;

    [SetUp]
    public Task Empty() => Server.SendAsync("FLUSHALL");

    [TearDown]
    public void Close() => _connections.ForEach(static connection => connection.Dispose());

    [Test]
    public async Task Append_FromTwoProcesses_MakesOneChainThatTheFeedTellsOf()
    {
        var one = Open();
        var two = Open();
        var end = await one.FindFeedEndAsync(CancellationToken.None);
        await Task.WhenAll(
            Task.Run(async () => { for (var i = 0; i < 100; i++) await AppendAsync(one, "chain", i); }),
            Task.Run(async () => { for (var i = 100; i < 200; i++) await AppendAsync(two, "chain", i); }));

        var page = await one.ReadAsync(Callback("chain"), 0, 1000, CancellationToken.None);
        page.Events.Should().HaveCount(200);
        for (var i = 1; i < 200; i++) page.Events[i].Place.Previous.Should().Be(page.Events[i - 1].Place.Position);

        var feed = await two.ReadFeedAsync(end, CancellationToken.None);
        feed.IsComplete.Should().BeTrue();
        feed.Appended.Should().Equal(page.Events.Select(@event => (Callback("chain"), @event.Place.Position)));
        (await two.ReadFeedAsync(feed.End, CancellationToken.None)).Appended.Should().BeEmpty();
        (await two.ReadFeedAsync("1-1", CancellationToken.None)).IsComplete.Should().BeFalse();
    }

    [Test]
    public async Task Append_AnEvent_EndsWithWhatItIsKeptForAndItsTraceLater()
    {
        var journal = Open();
        await AppendAsync(journal, "ttl", 1);
        (await LifetimeAsync("teal:events:0:ttl")).Should().BeCloseTo(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
        (await LifetimeAsync("teal:last:0:ttl")).Should().BeCloseTo(TimeSpan.FromHours(1) + Options.TraceRetention, TimeSpan.FromMinutes(1));

        await journal.KeepUntilAsync(Callback("ttl"), Clock.GetUtcNow().UtcDateTime.AddHours(3), CancellationToken.None);
        (await LifetimeAsync("teal:events:0:ttl")).Should().BeCloseTo(TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));
    }

    protected override Task<IEventJournal> CreateJournalAsync() => Task.FromResult<IEventJournal>(Open());

    private static async Task<TimeSpan> LifetimeAsync(string key) => TimeSpan.FromMilliseconds((long)(await Server.SendAsync("PTTL", key))!);

    private RedisEventJournal Open()
    {
        var connection = new RedisConnection(new RedisOptions { Configuration = Server.EndPoint }, TimeProvider.System);
        _connections.Add(connection);
        return new RedisEventJournal(connection, Options, Clock);
    }
}
