using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Sqlite;
using Teal.Sqlite.Database;
using Teal.Sqlite.Journal;
using Teal.Sqlite.Writing;
using Teal.Tests.Contracts;
using Teal.Tests.Support;

namespace Teal.Tests.Sqlite;

public sealed class SqliteEventJournalTests : EventJournalContract
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IDisposable> _open = [];

    [TearDown]
    public void Close()
    {
        CloseAll();
        _folder.Dispose();
    }

    [Test]
    public async Task Open_Again_HoldsWhatWasKeptAndGoesOnBehindIt()
    {
        var first = Open();
        var kept = await AppendAsync(first, "a", 1, 2);
        await AppendAsync(first, "b", 3);
        await first.DeleteAsync(Callback("b"), CancellationToken.None);
        await Eventually.HoldsAsync(() => first.Usage.Events == 2, "what was deleted is cleaned up");
        CloseAll();

        Clock.Advance(TimeSpan.FromSeconds(-10));
        var second = Open();

        second.Id.Should().Be(first.Id);
        second.Usage.Should().Be(first.Usage);
        second.Usage.Events.Should().Be(2);
        (await second.ReadAsync(Callback("a"), 0, 10, CancellationToken.None)).Events.Should().Equal(kept);
        var later = await AppendAsync(second, "a", 4);
        later[0].Place.Previous.Should().Be(kept[1].Place.Position);
        later[0].Place.Position.Should().BeGreaterThan(kept[1].Place.Position);
    }

    [Test]
    public async Task Sweep_WhatIsOver_ForgetsItAndLaterItsTrace()
    {
        var journal = Open();
        for (var i = 0; i < 1200; i++) await AppendAsync(journal, $"{i % 7}", i);
        await journal.KeepUntilAsync(Callback("3"), Clock.GetUtcNow().UtcDateTime.AddHours(2), CancellationToken.None);
        var last = (await journal.ReadAsync(Callback("0"), 0, 1000, CancellationToken.None)).Last;

        Clock.Advance(TimeSpan.FromHours(1));
        var swept = await journal.SweepAsync(CancellationToken.None);

        swept.Should().Be(1200 - 171);
        journal.Usage.Events.Should().Be(171);
        (await NumbersAsync(journal, "3")).Should().HaveCount(171);
        (await journal.ReadAsync(Callback("0"), last - 1, 10, CancellationToken.None)).HasGap(last - 1).Should().BeTrue();
        (await journal.ReadAsync(Callback("0"), last, 10, CancellationToken.None)).HasGap(last).Should().BeFalse();
        Clock.Advance(TimeSpan.FromDays(8));
        await journal.SweepAsync(CancellationToken.None);
        (await journal.ReadAsync(Callback("0"), 1, 10, CancellationToken.None)).Last.Should().Be(0);
        journal.Usage.Should().Be(new JournalUsage(0, 0));
    }

    [Test]
    public async Task Append_AFloodOfWhatAnybodyCanSend_ForgetsTheOldestAndKeepsTheLatest()
    {
        Options.MaximumEvents = 100;
        await ForgetsTheOldestInAFloodAsync(Open());
    }

    [Test]
    public Task Append_FromManyThreads_TellsInTheOrderOfThePositions() => TellsInTheOrderOfThePositionsAsync(Open());

    [Test]
    public async Task FindEnd_OfATopicWithoutEvents_IsNoGapForAsLongAsEventsAreRemembered()
    {
        var journal = Open();
        Clock.Advance(TimeSpan.FromDays(30));
        await NoGapForDaysAsync(journal);
    }

    [Test]
    public async Task Delete_MoreTopicsThanAreRemembered_SaysThatThereMayHaveBeenEvents()
    {
        Options.MaximumTraces = 10;
        await RemembersSomeAsync(Open());
        CloseAll();
        Query("SELECT count(*) FROM topic_traces").Should().BeLessThanOrEqualTo(10);
        var journal = Open();
        (await journal.ReadAsync(Callback("0"), 1, 10, CancellationToken.None)).HasGap(1).Should().BeTrue();
        (await journal.ReadAsync(Callback("first"), 1, 10, CancellationToken.None))
            .Horizon.Should().BeGreaterThan(JournalPosition.At(Clock.GetUtcNow().AddSeconds(-25)));
    }

    [Test]
    public async Task Open_Again_KnowsWhatWasAskedForAndWhatTakesMost()
    {
        UseSmallRooms();
        var first = Open();
        var claimed = await first.AppendAsync(
            new OpenIdCibaEvent(DateTime.UnixEpoch, "claimed", "t", null, null), Uninvited, static _ => { }, CancellationToken.None);
        await first.ClaimAsync(claimed.Topic, CancellationToken.None);
        await first.ClaimAsync(Ciba("later"), CancellationToken.None);
        for (var i = 0; i < 30; i++) await FillAsync(first, Callback("flood"), 20_000);
        await AppendAsync(first, "small", 1);
        CloseAll();

        var second = Open();
        var later = await second.AppendAsync(
            new OpenIdCibaEvent(DateTime.UnixEpoch, "later", "t", null, null), Uninvited, static _ => { }, CancellationToken.None);
        for (var i = 0; i < 400; i++)
            await second.AppendAsync(
                new OpenIdCibaEvent(DateTime.UnixEpoch, $"{i}", new string('t', 1000), null, null), Uninvited, static _ => { },
                CancellationToken.None);
        for (var i = 0; i < 30; i++) await FillAsync(second, Callback($"{i}"), 20_000);

        (await second.ReadAsync(claimed.Topic, 0, 10, CancellationToken.None)).Events.Should().Equal(claimed);
        (await second.ReadAsync(later.Topic, 0, 10, CancellationToken.None)).Events.Should().Equal(later);
        (await NumbersAsync(second, "small")).Should().Equal(1);
        (await second.ReadAsync(Callback("0"), 0, 10, CancellationToken.None))
            .Events.Should().ContainSingle("the flood of before goes first");
        CloseAll();
        Query("SELECT count(*) FROM events WHERE room = 4").Should().BeGreaterThan(150);
    }

    [Test]
    public async Task Delete_OneWithManyEvents_IsDoneForReadersAtOnceAndCleanedUpAfterwards()
    {
        var journal = Open();
        foreach (var some in Enumerable.Range(0, 3000).Chunk(500)) await Task.WhenAll(some.Select(i => AppendAsync(journal, "a", i)));
        var other = await AppendAsync(journal, "b", 1);
        await journal.DeleteAsync(Callback("a"), CancellationToken.None);
        (await NumbersAsync(journal, "a")).Should().BeEmpty();
        await AppendAsync(journal, "a", 3001);

        await Eventually.HoldsAsync(() => journal.Usage.Events == 2, "the events are cleaned up");
        (await NumbersAsync(journal, "a")).Should().Equal(3001);
        (await journal.ReadAsync(Callback("b"), 0, 10, CancellationToken.None)).Events.Should().Equal(other);
        CloseAll();
        Query("SELECT count(*) FROM topic_ends").Should().Be(0);
        Query("SELECT count(*) FROM events").Should().Be(2);
    }

    [Test]
    public async Task Open_AfterAnEndBeforeTheCleaning_GoesOnWithIt()
    {
        var journal = Open();
        await AppendAsync(journal, "a", [.. Enumerable.Range(0, 50)]);
        CloseAll();
        Query(
            "INSERT INTO topic_ends (topic, deleted_to, kept_to, keep_until) SELECT topic, max(position), 0, 0 FROM events GROUP BY "
                + "topic; SELECT 0");

        var second = Open();
        (await NumbersAsync(second, "a")).Should().BeEmpty();
        await Eventually.HoldsAsync(() => second.Usage.Events == 0, "the events are cleaned up");
    }

    [TestCase(3)]
    [TestCase(1)]
    public async Task KeepUntil_ATopicWithManyEvents_HoldsForAllOfThem(int hours)
    {
        var journal = Open();
        foreach (var some in Enumerable.Range(0, 1000).Chunk(500)) await Task.WhenAll(some.Select(i => FillFor(journal, "a", i, 2)));
        await FillFor(journal, "b", 1, 2);
        await journal.KeepUntilAsync(Callback("a"), Clock.GetUtcNow().UtcDateTime.AddHours(hours), CancellationToken.None);
        CloseAll();
        journal = Open();

        Clock.Advance(TimeSpan.FromHours(1.5));
        await journal.SweepAsync(CancellationToken.None);
        journal.Usage.Events.Should().Be(hours == 3 ? 1001 : 1);
        Clock.Advance(TimeSpan.FromHours(1));
        await journal.SweepAsync(CancellationToken.None);
        journal.Usage.Events.Should().Be(hours == 3 ? 1000 : 0);
        Clock.Advance(TimeSpan.FromHours(1));
        await journal.SweepAsync(CancellationToken.None);
        journal.Usage.Should().Be(new JournalUsage(0, 0));
        CloseAll();
        Query("SELECT count(*) FROM topic_ends").Should().Be(0);

        async Task FillFor(SqliteEventJournal into, string state, int number, int keptFor) =>
            await into.AppendAsync(
                new CallbackEvent(DateTime.UnixEpoch, $"{number}", state),
                new EventRetention(Clock.GetUtcNow().UtcDateTime.AddHours(keptFor), true), static _ => { }, CancellationToken.None);
    }

    [Test]
    public async Task Append_ThatIsUndoneWithItsBatch_CountsOnce()
    {
        var journal = Open();
        var writer = _open.OfType<SqliteWriter>().Single();

        // Side by side with writes that fail, so that some batches are undone and run again.
        await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            var failing = writer.WriteAsync(static _ => throw new InvalidOperationException(), static () => { });
            await AppendAsync(journal, $"{i % 3}", i);
            await FluentActions.Awaiting(() => failing).Should().ThrowAsync<InvalidOperationException>();
        }));

        journal.Usage.Events.Should().Be(300);
        for (var topic = 0; topic < 3; topic++)
        {
            var previous = 0L;
            foreach (var @event in (await journal.ReadAsync(Callback($"{topic}"), 0, 1000, CancellationToken.None)).Events)
            {
                @event.Place.Previous.Should().Be(previous);
                previous = @event.Place.Position;
            }
        }
    }

    [Test]
    public async Task Append_MoreThanWaitForTheIndex_EachReaderFindsAllInOrderMeanwhile()
    {
        const int Events = 3 * TopicIndex.MostRecent;
        var journal = Open();
        var readers = Enumerable.Range(0, 3).Select(topic => Task.Run(async () =>
        {
            var read = new List<int>();
            for (var (after, previous) = (0L, 0L); read.Count < Events / 3;)
            {
                var page = await journal.ReadAsync(Callback($"{topic}"), after, 100, CancellationToken.None);
                foreach (var @event in page.Events)
                {
                    @event.Place.Previous.Should().Be(previous);
                    read.Add(Number(@event));
                    previous = @event.Place.Position;
                }

                // What the page names as the topic's last can be read.
                if (page.Events.Count < 100) previous.Should().BeGreaterThanOrEqualTo(page.Last);
                after = previous;
                await Task.Yield();
            }

            return read;
        })).ToArray();

        // Any deletion writes the index.
        await AppendAsync(journal, "other", 0);
        using var stop = new CancellationTokenSource();
        var deleting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await journal.DeleteAsync(Callback("other"), CancellationToken.None);
        });

        for (var i = 0; i < Events; i += 300)
            await Task.WhenAll(
                Enumerable.Range(i, Math.Min(300, Events - i)).Select(number => AppendAsync(journal, $"{number % 3}", number)));

        foreach (var (topic, reader) in readers.Index())
            (await reader.WithinLimit()).Order().Should().Equal(Enumerable.Range(0, Events).Where(number => number % 3 == topic));
        await stop.CancelAsync();
        await deleting.WithinLimit();
    }

    [Test]
    public async Task Open_AfterAnEndBeforeTheIndexWasWritten_FindsAll()
    {
        var first = Open();
        var kept = await AppendAsync(first, "a", 1, 2);
        await first.DeleteAsync(Callback("b"), CancellationToken.None);
        CloseAll();
        Query("SELECT count(*) FROM topic_positions").Should().Be(0, "two events wait for others");

        var second = Open();
        (await second.ReadAsync(Callback("a"), 0, 10, CancellationToken.None)).Events.Should().Equal(kept);
        var later = await AppendAsync(second, "a", 3);
        CloseAll();
        Query("SELECT count(*) FROM topic_positions").Should().Be(2);

        (await Open().ReadAsync(Callback("a"), kept[0].Place.Position, 10, CancellationToken.None))
            .Events.Should().Equal(kept[1], later[0]);
    }

    [Test]
    public async Task Delete_WhatIsAndIsNotInTheIndex_LeavesNothingInIt()
    {
        var journal = Open();
        foreach (var some in Enumerable.Range(0, TopicIndex.MostRecent + 10).Chunk(1000))
            await Task.WhenAll(some.Select(i => AppendAsync(journal, $"{i % 5}", i)));
        await AppendAsync(journal, "0", -1);
        for (var topic = 0; topic < 5; topic++) await journal.DeleteAsync(Callback($"{topic}"), CancellationToken.None);

        await Eventually.HoldsAsync(() => journal.Usage.Events == 0, "the events are cleaned up");
        (await NumbersAsync(journal, "0")).Should().BeEmpty();
        CloseAll();
        Query("SELECT count(*) FROM topic_positions").Should().Be(0);
        Query("SELECT count(*) FROM events").Should().Be(0);
    }

    [Test]
    public async Task Open_AFileOfTheVersionBefore_KeepsItsEvents()
    {
        var first = Open();
        var kept = await AppendAsync(first, "a", 1, 2, 3);
        var webhook = await first.AppendAsync(Webhook("old.biapi.pro", 10), InAnHour, static _ => { }, CancellationToken.None);
        CloseAll();
        Query(
            """
            UPDATE events SET body = CAST(substr(body, 1, length(body) - 1) || ',"payload":"pppppppppp"}' AS BLOB) WHERE kind = 2;
            ALTER TABLE callback_states DROP COLUMN made_by;
            ALTER TABLE events DROP COLUMN owner; ALTER TABLE topic_traces DROP COLUMN owner;
            ALTER TABLE events DROP COLUMN content; ALTER TABLE events DROP COLUMN request; ALTER TABLE events DROP COLUMN room;
            CREATE INDEX events_by_kind ON events (kind, position) WHERE kind > 0;
            CREATE TABLE journal_usage (kind INTEGER PRIMARY KEY, events INTEGER NOT NULL, size INTEGER NOT NULL);
            DROP TABLE records; DROP TABLE topic_ends; DROP TABLE topic_claims; DROP TABLE trace_horizons; DROP INDEX topic_traces_by_end; ALTER TABLE topic_traces DROP COLUMN kind;
            CREATE INDEX topic_traces_by_end ON topic_traces (keep_until);
            DROP TABLE topic_positions; ALTER TABLE journal DROP COLUMN indexed_to; CREATE INDEX events_by_topic ON events (topic, position);
            PRAGMA user_version = 2; SELECT 0
            """);

        var second = Open();
        (await second.ReadAsync(Callback("a"), 0, 10, CancellationToken.None)).Events.Should().Equal(OfAnonymous(kept));
        (await second.ReadAsync(webhook.Topic, 0, 10, CancellationToken.None)).Events.Should().Equal(webhook);
        second.Usage.Events.Should().Be(4);
        UseSmallRooms();
        for (var i = 0; i < 100; i++)
            await second.AppendAsync(Webhook($"{i}.biapi.pro", 50_000), Uninvited, static _ => { }, CancellationToken.None);
        (await second.ReadAsync(webhook.Topic, 0, 10, CancellationToken.None)).Events.Should().Equal(webhook);
    }

    [Test]
    public async Task Open_AFileWithoutOwners_GivesCallbacksToAnonymousAndOthersToNobody()
    {
        var first = Open();
        var kept = await AppendAsync(first, "a", 1, 2);
        await AppendAsync(first, "deleted", 3);
        await first.DeleteAsync(Callback("deleted"), CancellationToken.None);
        var webhook = await first.AppendAsync(Webhook("old.biapi.pro", 10), InAnHour, static _ => { }, CancellationToken.None);
        CloseAll();
        Query(
            """
            ALTER TABLE callback_states DROP COLUMN made_by;
            ALTER TABLE events DROP COLUMN owner; ALTER TABLE topic_traces DROP COLUMN owner; PRAGMA user_version = 5; SELECT 0
            """);

        var second = Open();
        (await second.ReadAsync(Callback("a"), 0, 10, CancellationToken.None)).Events.Should().Equal(OfAnonymous(kept));
        (await second.FindOwnerAsync(Callback("deleted"), CancellationToken.None)).Should().Be("anonymous");
        (await second.ReadAsync(webhook.Topic, 0, 10, CancellationToken.None)).Events.Should().Equal(webhook);
        await AppendAsync(second, "a", "acme", 4);
        CloseAll();
        (await Open().ReadAsync(Callback("a"), 0, 10, CancellationToken.None)).Events.Select(static read => read.Owner)
            .Should().Equal("anonymous", "anonymous", "acme");
    }

    // As none but that account could make states.
    private static IEnumerable<TealEvent> OfAnonymous(IEnumerable<TealEvent> events) =>
        events.Select(static old => old with { Owner = "anonymous" });

    protected override Task<IEventJournal> CreateJournalAsync() => Task.FromResult<IEventJournal>(Open());

    private long Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "teal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private SqliteEventJournal Open()
    {
        var options = new SqliteOptions { DataDirectory = _folder.Path };
        var database = SqliteDatabase.Open(options);
        var writer = new SqliteWriter(database, options, NullLogger<SqliteWriter>.Instance);
        var journal = new SqliteEventJournal(database, writer, Options, Clock);
        _open.AddRange([journal, writer, database]);
        return journal;
    }

    private void CloseAll()
    {
        foreach (var opened in _open) opened.Dispose();
        _open.Clear();
    }
}
