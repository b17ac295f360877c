using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Redis;
using Teal.Tests.Contracts;
using Teal.Tests.Support;

namespace Teal.Tests.Redis;

[Category("Redis")]
[NonParallelizable]
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
        feed.Appended.Should().Equal(
            page.Events.Select(@event => (TopicHash.ToKey(TopicHash.Of(Callback("chain"))), @event.Place.Position)));
        (await two.ReadFeedAsync(feed.End, CancellationToken.None)).Appended.Should().BeEmpty();
        (await two.ReadFeedAsync("1-1", CancellationToken.None)).IsComplete.Should().BeFalse();
    }

    [Test]
    public async Task Append_WhenRedisForgotItsScripts_SendsThemAgain()
    {
        var journal = Open();
        for (var i = 0; i < 3; i++)
        {
            await Server.SendAsync("SCRIPT", "FLUSH");
            await AppendAsync(journal, "a", (2 * i) + 1, (2 * i) + 2);
        }

        (await NumbersAsync(journal, "a")).Should().Equal(1, 2, 3, 4, 5, 6);
    }

    [Test]
    public async Task Append_AnEvent_EndsWithWhatItIsKeptForAndLeavesNoName()
    {
        var journal = Open();
        var kept = await AppendAsync(journal, "s3cr3t", 1);
        (await LifetimeAsync("s3cr3t")).Should().BeCloseTo(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));

        await journal.KeepUntilAsync(Callback("s3cr3t"), Clock.GetUtcNow().UtcDateTime.AddHours(3), CancellationToken.None);
        (await LifetimeAsync("s3cr3t")).Should().BeCloseTo(TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));
        foreach (var key in (object[])(await Server.SendAsync("KEYS", "*"))!)
            Encoding.Latin1.GetString((byte[])key).Should().NotContain("s3cr3t");

        await Server.SendAsync("DEL", EventsKey("s3cr3t"));
        var page = await journal.ReadAsync(Callback("s3cr3t"), kept[0].Place.Position - 1, 10, CancellationToken.None);
        page.HasGap(kept[0].Place.Position - 1).Should().BeTrue("what Redis ended leaves its trace");
    }

    [Test]
    public async Task Append_OneSmallEventToEachOfManyTopics_TakesUnder600BytesEach()
    {
        const int Topics = 2000;
        var journal = Open();
        await AppendAsync(journal, "first", 1);
        foreach (var retention in new[] { Uninvited, InAnHour })
        {
            var before = await MemoryAsync();
            await Task.WhenAll(Enumerable.Range(0, Topics).Select(async i => await journal.AppendAsync(
                new OpenIdCibaEvent(RealClock.Now, $"{retention.IsInvited}-{i:x8}", "a", null, null), retention, static _ => { },
                CancellationToken.None)));
            var each = (await MemoryAsync() - before) / Topics;
            TestContext.Out.WriteLine($"{(retention.IsInvited ? "Claimed" : "Unclaimed")}: {each} bytes of Redis for each topic.");
            each.Should().BeLessThan(600);
        }
    }

    [Test]
    public async Task Sweep_WhatRedisEnded_LeavesItsRoom()
    {
        var journal = Open();
        for (var i = 0; i < 300; i++) await AppendAsync(journal, $"{i}", i, i);
        await AppendAsync(journal, "stays", 1);
        for (var i = 0; i < 300; i++) await Server.SendAsync("DEL", EventsKey($"{i}"));

        (await journal.SweepAsync(CancellationToken.None)).Should().Be(600);
        (await TextAsync("HGET", "teal:rooms", "0n")).Should().Be("1");
        (await Server.SendAsync("ZCARD", "teal:room:0")).Should().Be(1L);
        (await journal.PurgeAsync(CancellationToken.None)).Should().Be(1);
        (await TextAsync("HGET", "teal:rooms", "0b")).Should().Be("0");
    }

    [Test]
    public async Task Read_AnEntryThatCannotBeRead_LosesItAlone()
    {
        var journal = Open();
        var kept = await AppendAsync(journal, "a", 1, 2);
        await Server.SendAsync("XADD", EventsKey("a"), $"{kept[1].Place.Position + 1}-0", "junk", "junk");
        var later = await AppendAsync(journal, "a", 3);

        (await NumbersAsync(journal, "a")).Should().Equal(1, 2, 3);
        later[0].Place.Position.Should().BeGreaterThan(kept[1].Place.Position + 1);
    }

    [Test]
    public async Task Read_BehindAPageOfEntriesThatCannotBeRead_GoesOn()
    {
        var journal = Open();
        var first = await AppendAsync(journal, "a", 1, 2);
        var last = first[1].Place.Position;
        for (var i = 1; i <= 10; i++) await Server.SendAsync("XADD", EventsKey("a"), $"{last + i}-0", "e", "junk", "p", "junk");
        var later = await AppendAsync(journal, "a", 3);

        var page = await journal.ReadAsync(new Topic(EventKinds.Callback, "a"), last, 4, CancellationToken.None);
        page.Events.Should().Equal(later);
    }

    [Test]
    public async Task Read_WhatIsLongerThanAnyEvent_IsLeftInRedis()
    {
        var journal = Open();
        var kept = await AppendAsync(journal, "a", 1, 2);
        await Server.SendAsync(
            "EVAL", "redis.call('XADD', KEYS[1], ARGV[1], 'e', '{}', 'p', '0', 'c', string.rep('x', 65 * 1024 * 1024))", "1",
            EventsKey("a"), $"{kept[1].Place.Position + 1}-0");
        await AppendAsync(journal, "a", 3);
        await Server.SendAsync(
            "EVAL", "redis.call('SET', KEYS[1], cmsgpack.pack({'1', '0', '{}', string.rep('x', 65 * 1024 * 1024)}))", "1", EventsKey("b"));

        var before = GC.GetTotalAllocatedBytes(precise: true);
        (await NumbersAsync(journal, "a")).Should().Equal(1, 2, 3);
        (await NumbersAsync(journal, "b")).Should().BeEmpty();
        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(32 * 1024 * 1024);
    }

    [Test]
    public async Task ReadFeed_WithEntriesOfAnotherForm_PassesThemOverAndLeavesThemInRedis()
    {
        var journal = Open();
        var start = await journal.FindFeedEndAsync(CancellationToken.None);
        await Server.SendAsync(
            "EVAL", "redis.call('XADD', KEYS[1], '*', 't', string.rep('x', 16 * 1024 * 1024), 'p', '1')", "1", "teal:feed:2");
        await Server.SendAsync("XADD", "teal:feed:2", "*", "t", new string('x', 16), "p", "junk");
        await Server.SendAsync("XADD", "teal:feed:2", "*", "junk", "junk");
        var kept = await AppendAsync(journal, "a", 1);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var page = await journal.ReadFeedAsync(start, CancellationToken.None);

        page.Appended.Should().ContainSingle().Which.Position.Should().Be(kept[0].Place.Position);
        page.IsComplete.Should().BeTrue();
        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(8 * 1024 * 1024);
    }

    [TestCase("5", "no list")]
    [TestCase("\u0001", "a number")]
    [TestCase("\u0090", "an empty list")]
    [TestCase("\u0093\u00a1x\u00a10\u00a2{}", "a list with a position that is none")]
    [TestCase("junk", "text")]
    public async Task Append_WhereSomethingElseStands_IsKeptAndRead(string value, string what)
    {
        var journal = Open();
        await AppendAsync(journal, "a", 1);
        await Server.SendAsync("SET", EventsKey("a"), Encoding.Latin1.GetBytes(value));
        (await NumbersAsync(journal, "a")).Should().BeEmpty(what);
        await AppendAsync(journal, "a", 2, 3);

        (await NumbersAsync(journal, "a")).Should().Equal([2, 3], what);
    }

    [Test]
    public async Task Adopt_WhatAVersionBeforeKept_GoesOnFromThere()
    {
        var now = JournalPosition.At(TimeProvider.System.GetUtcNow()) - 60_000_000;
        for (var i = 1; i <= 3; i++)
        {
            await Server.SendAsync(
                "XADD", "teal:events:0:old", $"{now + i}-0", "e",
                $$"""{"timestamp":"2026-05-01T12:00:00.000000","url":"{{i}}","state":"old"}""", "p", i == 1 ? "0" : $"{now + i - 1}");
            await Server.SendAsync("SET", "teal:last:0:old", $"{now + i}");
        }

        var connection = Connect();
        using var adoption = new RedisAdoption(connection, new RedisOptions(), TimeProvider.System);
        await adoption.StartAsync(CancellationToken.None);
        var journal = Open();
        await Eventually.HoldsAsync(async () => (await NumbersAsync(journal, "old")).Count() == 3, "the events are taken over");
        await adoption.StopAsync(CancellationToken.None);

        (await NumbersAsync(journal, "old", now + 1)).Should().Equal(2, 3);
        (await AppendAsync(journal, "old", 4))[0].Place.Previous.Should().Be(now + 3);
        (await NumbersAsync(journal, "old")).Should().Equal(1, 2, 3, 4);
        (await Server.SendAsync("EXISTS", "teal:last:0:old")).Should().Be(0L);
    }

    [TestCase("", "%2F/staging.")]
    [TestCase("staging:", "")]
    [TestCase("it's\\\"}{\n", "")]
    public async Task TwoSystems_OnOneRedis_HearNothingOfEachOther(string prefix, string system)
    {
        var (production, staging) = (Open(), Open(prefix, system));
        var end = await staging.FindFeedEndAsync(CancellationToken.None);
        var kept = await AppendAsync(production, "chain", 1, 2);
        await AppendAsync(staging, "chain", 3);

        (await staging.ReadAsync(Callback("chain"), 0, 10, CancellationToken.None)).Events.Should().ContainSingle();
        (await staging.ReadFeedAsync(end, CancellationToken.None)).Appended.Should().ContainSingle();
        (await staging.PurgeAsync(CancellationToken.None)).Should().Be(1);
        (await production.ReadAsync(Callback("chain"), 0, 10, CancellationToken.None)).Events.Should().HaveCount(2);
        staging.Id.Should().NotBe(production.Id).And.MatchRegex("^[a-z0-9-]{1,64}$");
        kept.Should().HaveCount(2);
        var names = ((object[])(await Server.SendAsync("KEYS", "*"))!)
            .Select(static key => Encoding.Latin1.GetString((byte[])key)).ToArray();
        names.Should().OnlyContain(
            name => name.StartsWith("teal:", StringComparison.Ordinal) || name.StartsWith(prefix, StringComparison.Ordinal));
        names.Count(name => name.StartsWith($"{prefix}teal:{system}", StringComparison.Ordinal)).Should().BeGreaterThan(2);
    }

    [Test]
    public async Task Read_WhatRedisThrewAwayWithItsTrace_IsAGap()
    {
        var journal = Open();
        var kept = await AppendAsync(journal, "chain", 1);
        await Server.SendAsync("DEL", EventsKey("chain"), "teal:traces:0");

        (await journal.ReadAsync(Callback("chain"), kept[0].Place.Position - 1, 10, CancellationToken.None))
            .HasGap(kept[0].Place.Position - 1).Should().BeTrue();
        (await journal.ReadAsync(Callback("other"), kept[0].Place.Position - 1, 10, CancellationToken.None))
            .HasGap(kept[0].Place.Position - 1).Should().BeFalse();
    }

    [Test]
    public async Task Read_BehindACursorThatIsOlderThanTheJournal_IsAGapAlsoWhereEventsAreKept()
    {
        var journal = Open();
        var kept = await AppendAsync(journal, "chain", 1);
        await Server.SendAsync("FLUSHALL");
        await AppendAsync(journal, "chain", 2);

        (await journal.ReadAsync(Callback("chain"), kept[0].Place.Position, 10, CancellationToken.None)).HasGap(kept[0].Place.Position)
            .Should().BeTrue();
    }

    [Test]
    public async Task Identity_OfAJournal_IsThatOfAllItsProcessesAndAnotherOnceRedisWasEmptied()
    {
        var (one, two) = (Open(), Open());
        await one.FindEndAsync(Callback("a"), CancellationToken.None);
        await two.FindEndAsync(Callback("b"), CancellationToken.None);
        var before = one.Identity;
        two.Identity.Should().Be(before);

        await Server.SendAsync("FLUSHALL");
        await one.FindEndAsync(Callback("a"), CancellationToken.None);

        one.Identity.Should().NotBe(before);
        one.Identity.Should().BeSameAs(one.Identity);
        one.Id.Should().Be(two.Id);
    }

    protected override Task<IEventJournal> CreateJournalAsync() => Task.FromResult<IEventJournal>(Open());

    private static async Task<TimeSpan> LifetimeAsync(string state) =>
        TimeSpan.FromMilliseconds((long)(await Server.SendAsync("PTTL", EventsKey(state)))!);

    private static async Task<string> TextAsync(params object[] command) =>
        Encoding.ASCII.GetString((byte[])(await Server.SendAsync(command))!);

    private static byte[] EventsKey(string state) => [.. "teal:e:"u8, .. TopicHash.Of(Callback(state))];

    private static async Task<long> MemoryAsync()
    {
        var line = (await TextAsync("INFO", "memory"))
            .Split("\r\n").First(static line => line.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line["used_memory:".Length..]);
    }

    private RedisConnection Connect(string prefix = "", string system = "")
    {
        var connection = new RedisConnection(
            new RedisOptions { Configuration = Server.EndPoint, KeyPrefix = prefix, System = system }, TimeProvider.System);
        _connections.Add(connection);
        return connection;
    }

    private RedisEventJournal Open(string prefix = "", string system = "") =>
        new(Connect(prefix, system), Options, Clock, NullLogger<RedisEventJournal>.Instance);
}
