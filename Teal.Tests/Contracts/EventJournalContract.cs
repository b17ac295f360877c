using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.Wire;
using Teal.Tests.Support;

namespace Teal.Tests.Contracts;

/// <summary>What every <see cref="IEventJournal"/> does.</summary>
public abstract class EventJournalContract
{
    private protected ManualTimeProvider Clock { get; } = new();

    private protected JournalOptions Options { get; } = new();

    private protected EventRetention InAnHour => new(Clock.GetUtcNow().UtcDateTime.AddHours(1), IsInvited: true);

    [Test]
    public async Task Append_AnEventOfEachKind_IsReadBackWhole()
    {
        var journal = await CreateJournalAsync();
        var at = new DateTime(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc).AddMicroseconds(123456);
        foreach (var @event in EventKinds.All.Append(MessageKind.Instance).SelectMany(kind => EventSamples.Of(kind, at)))
        {
            var kept = await journal.AppendAsync(@event, InAnHour, static _ => { }, CancellationToken.None);

            kept.Place.Journal.Should().Be(journal.Id);
            var page = await journal.ReadAsync(@event.Topic, 0, 10, CancellationToken.None);
            page.Events.Should().Equal(kept);
            (page.Events[0] with { Place = default }).Should().Be(@event);
            page.Last.Should().Be(kept.Place.Position);
        }
    }

    [Test]
    public async Task Append_AnEvent_TellsOnceWhenItCanBeReadAndBeforeItCompletes()
    {
        var journal = await CreateJournalAsync();
        for (var i = 1; i <= 20; i++)
        {
            var told = new List<(TealEvent Event, Task<JournalPage> Reading)>();
            var placed = await journal.AppendAsync(
                new CallbackEvent(DateTime.UnixEpoch, $"{i}", "a"), InAnHour,
                kept => told.Add((kept, journal.ReadAsync(kept.Topic, 0, 100, CancellationToken.None).AsTask())), CancellationToken.None);

            var (kept, reading) = told.Should().ContainSingle().Which;
            kept.Should().Be(placed);
            (await reading).Events.Select(Number).Should().Equal(Enumerable.Range(1, i));
        }
    }

    [Test]
    public async Task Append_SeveralOfATopic_EachNamesTheOneBefore()
    {
        var journal = await CreateJournalAsync();
        var kept = await AppendAsync(journal, "a", 1, 2, 3);
        await AppendAsync(journal, "b", 4);

        kept[0].Place.Previous.Should().Be(0);
        kept[1].Place.Previous.Should().Be(kept[0].Place.Position);
        kept[2].Place.Previous.Should().Be(kept[1].Place.Position);
        kept.Select(static @event => @event.Place.Position).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        (await NumbersAsync(journal, "b")).Should().Equal(4);
    }

    [Test]
    public async Task Append_FromManyThreads_MakesOneChain()
    {
        var journal = await CreateJournalAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++) await AppendAsync(journal, "a", (sender * 50) + i);
        })));

        var page = await journal.ReadAsync(Callback("a"), 0, 1000, CancellationToken.None);
        page.Events.Should().HaveCount(400);
        var previous = 0L;
        foreach (var @event in page.Events)
        {
            @event.Place.Previous.Should().Be(previous);
            previous = @event.Place.Position;
        }

        var numbers = page.Events.Select(Number).ToList();
        for (var sender = 0; sender < 8; sender++)
            numbers.Where(number => number / 50 == sender).Should().BeInAscendingOrder().And.HaveCount(50);
    }

    [Test]
    public async Task Read_BehindAPosition_ReturnsWhatFollowsUpToTheLimit()
    {
        var journal = await CreateJournalAsync();
        var kept = await AppendAsync(journal, "a", 1, 2, 3, 4, 5);

        (await NumbersAsync(journal, "a", kept[1].Place.Position, 2)).Should().Equal(3, 4);
        (await NumbersAsync(journal, "a", kept[3].Place.Position, 2)).Should().Equal(5);
        (await NumbersAsync(journal, "a", kept[4].Place.Position, 2)).Should().BeEmpty();
        (await journal.ReadAsync(Callback("a"), kept[1].Place.Position, 2, CancellationToken.None)).HasGap(kept[1].Place.Position)
            .Should().BeFalse();
        (await journal.ReadAsync(Callback("a"), kept[4].Place.Position, 2, CancellationToken.None)).HasGap(kept[4].Place.Position)
            .Should().BeFalse();
    }

    [Test]
    public async Task Read_WithABoundInBytes_EndsBehindTheEventThatPassesIt()
    {
        var journal = await CreateJournalAsync();
        var numbers = Enumerable.Range(1_000_000, 40).ToArray();
        var kept = await AppendAsync(journal, "a", numbers);
        var large = await journal.AppendAsync(
            new CallbackEvent(DateTime.UnixEpoch, new string('x', 100_000), "a"), InAnHour, static _ => { }, CancellationToken.None);
        await AppendAsync(journal, "a", 1, 2);

        // Journals may count an event as their store has it, a bit longer than its texts.
        var some = await journal.ReadAsync(Callback("a"), 0, 1000, 20 * kept[0].Size, CancellationToken.None);
        some.Events.Should().HaveCountLessThanOrEqualTo(20).And.Equal(kept.Take(some.Events.Count));
        some.Last.Should().BeGreaterThan(large.Place.Position);
        (await journal.ReadAsync(Callback("a"), kept[^1].Place.Position, 1000, 1, CancellationToken.None)).Events.Should().Equal(large);
        (await journal.ReadAsync(Callback("a"), kept[^2].Place.Position, 1000, 50_000, CancellationToken.None))
            .Events.Should().Equal(kept[^1], large);
        (await journal.ReadAsync(Callback("a"), large.Place.Position, 1000, 50_000, CancellationToken.None)).Events.Select(Number)
            .Should().Equal(1, 2);
        (await journal.ReadAsync(Callback("a"), 0, 0, 50_000, CancellationToken.None))
            .Should().BeEquivalentTo(new { Events = Array.Empty<TealEvent>(), some.Last });
    }

    [Test]
    public async Task FindEnd_OfATopic_LiesBetweenWhatWasAndWhatComes()
    {
        var journal = await CreateJournalAsync();
        var before = await journal.FindEndAsync(Callback("a"), CancellationToken.None);
        var kept = await AppendAsync(journal, "a", 1);
        var between = await journal.FindEndAsync(Callback("a"), CancellationToken.None);
        await AppendAsync(journal, "a", 2);

        before.Should().BePositive();
        (await NumbersAsync(journal, "a", before)).Should().Equal(1, 2);
        between.Should().Be(kept[0].Place.Position);
        (await NumbersAsync(journal, "a", between)).Should().Equal(2);
        (await journal.ReadAsync(Callback("a"), before, 10, CancellationToken.None)).HasGap(before).Should().BeFalse();
        var unknown = await journal.FindEndAsync(Callback("unknown"), CancellationToken.None);
        (await journal.ReadAsync(Callback("unknown"), unknown, 10, CancellationToken.None)).HasGap(unknown).Should().BeFalse();
    }

    [Test]
    public async Task Read_BehindWhatIsNotKeptAnyMore_SaysSo()
    {
        Options.MaximumEventsPerTopic = 3;
        var journal = await CreateJournalAsync();
        var kept = await AppendAsync(journal, "a", 1, 2, 3, 4, 5, 6);

        var page = await journal.ReadAsync(Callback("a"), kept[0].Place.Position, 10, CancellationToken.None);
        page.Events.Select(Number).Should().Equal(4, 5, 6);
        page.HasGap(kept[0].Place.Position).Should().BeTrue();
        (await journal.ReadAsync(Callback("a"), kept[2].Place.Position, 10, CancellationToken.None)).HasGap(kept[2].Place.Position)
            .Should().BeFalse();
        (await journal.ReadAsync(Callback("a"), 0, 10, CancellationToken.None)).HasGap(0).Should().BeFalse();
    }

    [Test]
    public async Task Delete_ATopic_ForgetsItsEventsAndRemembersThatThereWereSome()
    {
        var journal = await CreateJournalAsync();
        var kept = await AppendAsync(journal, "a", 1, 2);
        await AppendAsync(journal, "b", 3);

        await journal.DeleteAsync(Callback("a"), CancellationToken.None);
        await journal.DeleteAsync(Callback("never"), CancellationToken.None);

        (await NumbersAsync(journal, "a")).Should().BeEmpty();
        (await NumbersAsync(journal, "b")).Should().Equal(3);
        (await journal.ReadAsync(Callback("a"), kept[0].Place.Position, 10, CancellationToken.None)).HasGap(kept[0].Place.Position)
            .Should().BeTrue();
        (await journal.ReadAsync(Callback("a"), kept[1].Place.Position, 10, CancellationToken.None)).HasGap(kept[1].Place.Position)
            .Should().BeFalse();

        var later = await AppendAsync(journal, "a", 4);
        later[0].Place.Previous.Should().Be(kept[1].Place.Position);
        (await NumbersAsync(journal, "a", kept[1].Place.Position)).Should().Equal(4);
    }

    [TestCase(4096)]
    [TestCase(60_000)]
    public async Task Append_AVeryLongKey_IsKept(int length)
    {
        var journal = await CreateJournalAsync();
        var key = new string('é', length / 2);
        await AppendAsync(journal, key, 1);

        (await NumbersAsync(journal, key)).Should().Equal(1);
    }

    [Test]
    public async Task Append_TheSameKeyOfTwoKinds_AreTwoTopics()
    {
        var journal = await CreateJournalAsync();
        await AppendAsync(journal, "a", 1);
        await journal.AppendAsync(
            new OpenIdCibaEvent(DateTime.UnixEpoch, "a", "t", null, null), InAnHour, static _ => { }, CancellationToken.None);

        (await NumbersAsync(journal, "a")).Should().Equal(1);
        (await journal.ReadAsync(new Topic(EventKinds.OpenIdCibaCallback, "a"), 0, 10, CancellationToken.None))
            .Events.Should().ContainSingle();
    }

    [Test]
    public async Task Append_MoreThanATopicsShare_ForgetsItsOwnOldestAndNeverTheNewest()
    {
        Options.MaximumSizePerTopic = 20_000;
        var journal = await CreateJournalAsync();
        await AppendAsync(journal, "other", 0);
        var kept = new List<TealEvent>();
        for (var i = 1; i <= 10; i++) kept.Add(await FillAsync(journal, new Topic(EventKinds.Callback, "a"), 3000));

        var page = await journal.ReadAsync(Callback("a"), kept[0].Place.Position, 100, CancellationToken.None);
        page.Events.Should().HaveCountGreaterThan(1).And.HaveCountLessThan(8).And.Equal(kept.TakeLast(page.Events.Count));
        page.HasGap(kept[0].Place.Position).Should().BeTrue();

        var large = await FillAsync(journal, Callback("a"), 30_000);
        (await journal.ReadAsync(Callback("a"), 0, 100, CancellationToken.None)).Events.Should().Equal(large);
        (await NumbersAsync(journal, "other")).Should().Equal(0);
    }

    [Test]
    public async Task Append_IntoAFullRoom_ForgetsWhatTakesMostAndNoMoreThanNeeded()
    {
        UseSmallRooms();
        var journal = await CreateJournalAsync();
        for (var i = 0; i < 50; i++) await AppendAsync(journal, $"genuine{i}", i);
        var flood = new List<TealEvent>();
        for (var i = 0; i < 100; i++) flood.Add(await FillAsync(journal, Callback("flood"), 20_000));
        await AppendAsync(journal, "late", 1);

        for (var i = 0; i < 50; i++) (await NumbersAsync(journal, $"genuine{i}")).Should().Equal(i);
        (await NumbersAsync(journal, "late")).Should().Equal(1);
        var left = (await journal.ReadAsync(Callback("flood"), 0, 1000, CancellationToken.None)).Events;
        left.Should().Equal(flood.TakeLast(left.Count));
        left.Sum(static kept => kept.Size).Should().BeGreaterThan(RoomSize / 4, "no more is forgotten than needed");
    }

    [Test]
    public async Task Append_LongEventsIntoARoomOfSmallOnes_ForgetsAsMuchAsComes()
    {
        UseSmallRooms();
        var journal = await CreateJournalAsync();
        Topic[] small = [Ciba("0"), Ciba("1")],
            large = [.. Enumerable.Range(0, 2).Select(static i => new Topic(EventKinds.PowensDomain, $"{i}.biapi.pro"))];
        for (var i = 0; i < 1000; i++)
            await journal.AppendAsync(
                new OpenIdCibaEvent(DateTime.UnixEpoch, small[i % 2].Key, "t", null, null), Uninvited, static _ => { },
                CancellationToken.None);
        foreach (var topic in large)
            await journal.AppendAsync(Webhook(topic.Key, 100_000), Uninvited, static _ => { }, CancellationToken.None);

        var left = 0;
        foreach (var topic in (Topic[])[.. small, .. large])
            left += (await journal.ReadAsync(topic, 0, 1000, CancellationToken.None))
                .Events.Sum(static kept => kept.Size > 50_000 ? kept.Size : LeastCounted);
        left.Should().BeInRange(RoomSize / 8, RoomSize / 4, "the room of what nobody asked for holds no more");
        (await journal.ReadAsync(large[1], 0, 10, CancellationToken.None)).Events.Should().ContainSingle();
    }

    [Test]
    public async Task Append_AFirstEventThatTakesMostOfAFullRoom_IsKept()
    {
        UseSmallRooms();
        var journal = await CreateJournalAsync();
        for (var i = 0; i < 2000; i++) await FillAsync(journal, Callback($"{i}"), 1000);

        var first = await FillAsync(journal, Callback("first"), 60_000);
        (await journal.ReadAsync(Callback("first"), 0, 10, CancellationToken.None)).Events.Should().Equal(first);
        var second = await FillAsync(journal, Callback("second"), 60_000);
        (await journal.ReadAsync(Callback("second"), 0, 10, CancellationToken.None)).Events.Should().Equal(second);
        (await journal.ReadAsync(Callback("1999"), 0, 10, CancellationToken.None)).Events.Should().ContainSingle();
    }

    [Test]
    public async Task Append_WhatNobodyAskedFor_PushesOutNothingThatSomebodyDid()
    {
        UseSmallRooms();
        var journal = await CreateJournalAsync();
        await journal.ClaimAsync(Ciba("claimed"), CancellationToken.None);
        var genuine = new[]
        {
            await journal.AppendAsync(
                new OpenIdCibaEvent(DateTime.UnixEpoch, "claimed", "t", null, null), Uninvited, static _ => { }, CancellationToken.None),
            await journal.AppendAsync(Webhook("secret.biapi.pro", 10), InAnHour, static _ => { }, CancellationToken.None),
            await journal.AppendAsync(
                new CallbackEvent(DateTime.UnixEpoch, "1", "stored"), InAnHour, static _ => { }, CancellationToken.None),
        };

        for (var i = 0; i < 60; i++)
        {
            await journal.AppendAsync(Webhook($"{i}.biapi.pro", 50_000), Uninvited, static _ => { }, CancellationToken.None);
            await journal.AppendAsync(
                new OpenIdCibaEvent(DateTime.UnixEpoch, $"{i}", new string('t', 1000), null, null), Uninvited, static _ => { },
                CancellationToken.None);
            await journal.AppendAsync(
                new CallbackEvent(DateTime.UnixEpoch, new string('u', 20_000), $"B1{i}"), Uninvited, static _ => { },
                CancellationToken.None);
        }

        foreach (var @event in genuine)
            (await journal.ReadAsync(@event.Topic, 0, 10, CancellationToken.None)).Events.Should().Equal(@event);
        (await journal.ReadAsync(Ciba("59"), 0, 10, CancellationToken.None))
            .Events.Should().ContainSingle("the last of what nobody asked for has its room");
        (await journal.ReadAsync(new Topic(EventKinds.PowensDomain, "0.biapi.pro"), 0, 10, CancellationToken.None))
            .Events.Should().BeEmpty("what takes most of that room goes first");
    }

    [Test]
    public async Task Claim_ATopicThatHasEvents_TakesThemOutOfTheStrangersRoom()
    {
        UseSmallRooms();
        var journal = await CreateJournalAsync();
        var early = await journal.AppendAsync(
            new OpenIdCibaEvent(DateTime.UnixEpoch, "early", "t", null, null), Uninvited, static _ => { }, CancellationToken.None);
        var freestanding = await journal.AppendAsync(
            new CallbackEvent(DateTime.UnixEpoch, "1", "B1001www.example.org"), Uninvited, static _ => { }, CancellationToken.None);
        await journal.ClaimAsync(early.Topic, CancellationToken.None);
        await journal.ClaimAsync(freestanding.Topic, CancellationToken.None);
        await journal.ClaimAsync(freestanding.Topic, CancellationToken.None);

        for (var i = 0; i < 400; i++)
            await journal.AppendAsync(
                new OpenIdCibaEvent(DateTime.UnixEpoch, $"{i}", new string('t', 1000), null, null), Uninvited, static _ => { },
                CancellationToken.None);

        (await journal.ReadAsync(early.Topic, 0, 10, CancellationToken.None)).Events.Should().Equal(early);
        (await journal.ReadAsync(freestanding.Topic, 0, 10, CancellationToken.None)).Events.Should().Equal(freestanding);
        (await journal.ReadAsync(Ciba("0"), 0, 10, CancellationToken.None)).Events.Should().BeEmpty();
    }

    [Test]
    public async Task Delete_AndAppendAndKeepLonger_DoesNotBringBackWhatWasDeleted()
    {
        var journal = await CreateJournalAsync();
        var deleted = await AppendAsync(journal, "a", 1, 2);
        await journal.DeleteAsync(Callback("a"), CancellationToken.None);
        (await NumbersAsync(journal, "a")).Should().BeEmpty();
        var later = await AppendAsync(journal, "a", 3);
        await journal.KeepUntilAsync(Callback("a"), Clock.GetUtcNow().UtcDateTime.AddHours(2), CancellationToken.None);

        (await NumbersAsync(journal, "a")).Should().Equal(3);
        var page = await journal.ReadAsync(Callback("a"), deleted[0].Place.Position, 10, CancellationToken.None);
        page.Events.Should().Equal(later);
        page.HasGap(deleted[0].Place.Position).Should().BeTrue();
        page.HasGap(deleted[1].Place.Position).Should().BeFalse();
    }

    [Test]
    public async Task Append_EventsOfSeveralOwners_AreReadBackWithThem()
    {
        var journal = await CreateJournalAsync();
        string?[] owners = ["acme", null, "anonymous", "beta", "acme"];
        foreach (var @event in EventKinds.All.Select(static kind => EventSamples.Of(kind, DateTime.UnixEpoch).First()))
        {
            for (var i = 0; i < owners.Length; i++)
            {
                var owned = @event with { Owner = owners[i] };
                var kept = await journal.AppendAsync(owned, InAnHour, static _ => { }, CancellationToken.None);

                (kept with { Place = default }).Should().Be(owned);
                var page = await journal.ReadAsync(@event.Topic, 0, 10, CancellationToken.None);
                page.Events.Select(static read => read.Owner).Should().Equal(owners.Take(i + 1));
                page.Events[^1].Should().Be(kept);
                (await journal.FindOwnerAsync(@event.Topic, CancellationToken.None)).Should().Be(owners[i]);
            }
        }
    }

    [TestCase("acme")]
    [TestCase("anonymous")]
    [TestCase(null)]
    public async Task FindOwner_OfATopicWhoseEventsAreNotKeptAnyMore_IsThatOfItsLastOne(string? owner)
    {
        var journal = await CreateJournalAsync();
        foreach (var other in new[] { "acme", "anonymous", "beta", null })
        {
            var topic = $"behind {other}";
            await AppendAsync(journal, topic, other, 1);
            await AppendAsync(journal, topic, owner, 2);
            await journal.DeleteAsync(Callback(topic), CancellationToken.None);

            (await NumbersAsync(journal, topic)).Should().BeEmpty();
            (await journal.FindOwnerAsync(Callback(topic), CancellationToken.None)).Should().Be(owner);
        }

        await AppendAsync(journal, "alone", owner, 1);
        await journal.DeleteAsync(Callback("alone"), CancellationToken.None);
        (await journal.FindOwnerAsync(Callback("alone"), CancellationToken.None)).Should().Be(owner);
        (await journal.FindOwnerAsync(Callback("never"), CancellationToken.None)).Should().BeNull();
    }

    private protected const int RoomSize = 1024 * 1024;

    // What every journal counts for an event without contents, at least.
    private const int LeastCounted = 200;

    private protected EventRetention Uninvited => InAnHour with { IsInvited = false };

    private protected void UseSmallRooms()
    {
        Options.MaximumSize = Options.MaximumMemory = Options.MaximumRedisMemory = RoomSize;
        Options.UnclaimedSize = Options.FreestandingSize = RoomSize / 4;
    }

    private protected static Topic Ciba(string requestId) => new(EventKinds.OpenIdCibaCallback, requestId);

    private protected static PowensWebhookEvent Webhook(string domain, int size) =>
        new(DateTime.UnixEpoch, domain, "EV", null, "t", Utf8Text.From(new string('p', size)));

    private protected async Task<TealEvent> FillAsync(IEventJournal journal, Topic state, int size) =>
        await journal.AppendAsync(
            new CallbackEvent(DateTime.UnixEpoch, new string('u', size), state.Key), InAnHour, static _ => { }, CancellationToken.None);

    private protected async Task ForgetsTheOldestInAFloodAsync(IEventJournal journal)
    {
        var first = await journal.AppendAsync(
            new OpenIdCibaEvent(DateTime.UnixEpoch, "0", "t", null, null), InAnHour, static _ => { }, CancellationToken.None);
        for (var i = 1; i < 200; i++)
            await journal.AppendAsync(
                new OpenIdCibaEvent(DateTime.UnixEpoch, $"{i}", "t", null, null), InAnHour, static _ => { }, CancellationToken.None);

        ((IJournalUsage)journal).Usage.Events.Should().BeInRange(20, 100);
        var old = await journal.ReadAsync(first.Topic, first.Place.Position - 1, 10, CancellationToken.None);
        old.Events.Should().BeEmpty();
        old.HasGap(first.Place.Position - 1).Should().BeTrue();
        (await journal.ReadAsync(new Topic(EventKinds.OpenIdCibaCallback, "199"), 0, 10, CancellationToken.None))
            .Events.Should().ContainSingle();
    }

    private protected async Task NoGapForDaysAsync(IEventJournal journal)
    {
        var end = await journal.FindEndAsync(Ciba("none"), CancellationToken.None);
        Clock.Advance(TimeSpan.FromDays(6));
        (await journal.ReadAsync(Ciba("none"), end, 10, CancellationToken.None)).HasGap(end).Should().BeFalse();
        var kept = await journal.AppendAsync(
            new OpenIdCibaEvent(DateTime.UnixEpoch, "none", "t", null, null), InAnHour, static _ => { }, CancellationToken.None);
        (await journal.ReadAsync(Ciba("none"), end, 10, CancellationToken.None)).Events.Should().Equal(kept);
    }

    private protected async Task RemembersSomeAsync(IEventJournal journal)
    {
        var first = await AppendAsync(journal, "first", 1);
        await journal.DeleteAsync(Callback("first"), CancellationToken.None);
        for (var i = 0; i < 30; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await AppendAsync(journal, $"{i}", i);
            await journal.DeleteAsync(Callback($"{i}"), CancellationToken.None);
        }

        // What is deleted may be cleaned up a moment later.
        await Eventually.HoldsAsync(
            async () =>
            {
                await ((IExpirySweep)journal).SweepAsync(CancellationToken.None);
                return (await journal.ReadAsync(Callback("first"), 0, 10, CancellationToken.None)).Last == 0;
            }, "the first one is forgotten");
        var before = first[0].Place.Position - 1;
        (await journal.ReadAsync(Callback("first"), before, 10, CancellationToken.None)).HasGap(before).Should().BeTrue();
        var now = await journal.FindEndAsync(Callback("never"), CancellationToken.None);
        (await journal.ReadAsync(Callback("never"), now, 10, CancellationToken.None)).HasGap(now).Should().BeFalse();
        (await journal.ReadAsync(Callback("29"), 1, 10, CancellationToken.None)).Last.Should().BePositive();
        (await journal.ReadAsync(Ciba("never"), before, 10, CancellationToken.None)).HasGap(before)
            .Should().BeFalse("the other kinds have forgotten nothing");
    }

    private protected async Task TellsInTheOrderOfThePositionsAsync(IEventJournal journal)
    {
        // Not locked: the journal tells of one after the other.
        var told = new List<TealEvent>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
            {
                await journal.AppendAsync(
                    new CallbackEvent(DateTime.UnixEpoch, $"{i}", $"{sender % 3}"), InAnHour, told.Add, CancellationToken.None);

                // Some find the journal idle, and some come together.
                if (i % 3 == 0) await Task.Yield();
            }
        })));

        told.Should().HaveCount(8 * 300);
        told.Select(static @event => @event.Place.Position).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    protected abstract Task<IEventJournal> CreateJournalAsync();

    private protected static Topic Callback(string state) => new(EventKinds.Callback, state);

    private protected static int Number(TealEvent @event) => int.Parse(((CallbackEvent)@event).Url);

    private protected async Task<List<TealEvent>> AppendAsync(IEventJournal journal, string state, params int[] numbers)
    {
        var kept = new List<TealEvent>();
        foreach (var number in numbers) kept.Add(await AppendAsync(journal, state, owner: null, number));
        return kept;
    }

    private protected async Task<TealEvent> AppendAsync(IEventJournal journal, string state, string? owner, int number) =>
        await journal.AppendAsync(
            new CallbackEvent(DateTime.UnixEpoch, number.ToString(), state) { Owner = owner }, InAnHour, static _ => { },
            CancellationToken.None);

    private protected static async Task<IEnumerable<int>> NumbersAsync(
        IEventJournal journal, string state, long after = 0, int limit = 1000) =>
        (await journal.ReadAsync(Callback(state), after, limit, CancellationToken.None)).Events.Select(Number);
}
