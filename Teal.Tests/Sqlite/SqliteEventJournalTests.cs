using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Sqlite;
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
    public async Task Append_WithoutRoom_IsRefusedForThatKindOnly()
    {
        Options.MaximumEvents = 2;
        var journal = Open();
        await AppendAsync(journal, "a", 1, 2);

        await FluentActions.Awaiting(() => AppendAsync(journal, "b", 3)).Should().ThrowAsync<JournalFullException>();
        await journal.AppendAsync(new OpenIdCibaEvent(DateTime.UnixEpoch, "a", "t", null, null), InAnHour, static _ => { }, CancellationToken.None);

        Options.MaximumEvents = 100;
        Options.MaximumSize = 10;
        await FluentActions.Awaiting(() => AppendAsync(journal, "b", 3)).Should().ThrowAsync<JournalFullException>();
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
            await Task.WhenAll(Enumerable.Range(i, Math.Min(300, Events - i)).Select(number => AppendAsync(journal, $"{number % 3}", number)));

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

        (await Open().ReadAsync(Callback("a"), kept[0].Place.Position, 10, CancellationToken.None)).Events.Should().Equal(kept[1], later[0]);
    }

    [Test]
    public async Task Delete_WhatIsAndIsNotInTheIndex_LeavesNothingInIt()
    {
        var journal = Open();
        foreach (var some in Enumerable.Range(0, TopicIndex.MostRecent + 10).Chunk(1000)) await Task.WhenAll(some.Select(i => AppendAsync(journal, $"{i % 5}", i)));
        await AppendAsync(journal, "0", -1);
        for (var topic = 0; topic < 5; topic++) await journal.DeleteAsync(Callback($"{topic}"), CancellationToken.None);

        journal.Usage.Events.Should().Be(0);
        (await NumbersAsync(journal, "0")).Should().BeEmpty();
        CloseAll();
        Query("SELECT count(*) FROM topic_positions").Should().Be(0);
        Query("SELECT count(*) FROM events").Should().Be(0);
    }

    [Test]
    public async Task Open_AFileOfTheVersionBefore_KeepsItsEvents()
    {
        var kept = await AppendAsync(Open(), "a", 1, 2, 3);
        CloseAll();
        Query("DROP TABLE topic_positions; ALTER TABLE journal DROP COLUMN indexed_to; CREATE INDEX events_by_topic ON events (topic, position); PRAGMA user_version = 2; SELECT 0");

        (await Open().ReadAsync(Callback("a"), 0, 10, CancellationToken.None)).Events.Should().Equal(kept);
    }

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
