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
    public async Task Append_WithoutRoom_IsRefusedForThatKindOnly()
    {
        Options.MaximumEvents = 2;
        var journal = Open();
        await AppendAsync(journal, "a", 1, 2);

        await FluentActions.Awaiting(() => AppendAsync(journal, "b", 3)).Should().ThrowAsync<JournalFullException>();
        await journal.AppendAsync(new OpenIdCibaEvent(DateTime.UnixEpoch, "a", "t", null, null), InAnHour, CancellationToken.None);

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

    protected override Task<IEventJournal> CreateJournalAsync() => Task.FromResult<IEventJournal>(Open());

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
