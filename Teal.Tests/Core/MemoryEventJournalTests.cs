using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Tests.Contracts;
using Teal.Tests.Support;

namespace Teal.Tests.Core;

public sealed class MemoryEventJournalTests : EventJournalContract
{
    [Test]
    public async Task Sweep_WhatIsOver_ForgetsItAndLaterItsTrace()
    {
        var journal = new MemoryEventJournal(Options, Clock);
        var kept = await AppendAsync(journal, "a", 1);
        journal.Usage.Events.Should().Be(1);

        Clock.Advance(TimeSpan.FromHours(1));
        (await journal.SweepAsync(CancellationToken.None)).Should().Be(1);

        journal.Usage.Should().Be(new JournalUsage(0, 0));
        (await journal.ReadAsync(Callback("a"), kept[0].Place.Position - 1, 10, CancellationToken.None)).HasGap(kept[0].Place.Position - 1)
            .Should().BeTrue();
        Clock.Advance(TimeSpan.FromDays(8));
        await journal.SweepAsync(CancellationToken.None);
        (await journal.ReadAsync(Callback("a"), 1, 10, CancellationToken.None)).Should().BeEquivalentTo(new { Last = 0L });
        (await journal.ReadAsync(Callback("a"), 1, 10, CancellationToken.None)).HasGap(1).Should().BeTrue();
    }

    [Test]
    public async Task Append_AFloodOfWhatAnybodyCanSend_ForgetsTheOldestAndKeepsTheLatest()
    {
        Options.MaximumEvents = 100;
        await ForgetsTheOldestInAFloodAsync(new MemoryEventJournal(Options, Clock));
    }

    [Test]
    public Task Append_FromManyThreads_TellsInTheOrderOfThePositions() =>
        TellsInTheOrderOfThePositionsAsync(new MemoryEventJournal(Options, Clock));

    [Test]
    public async Task Append_WhileAnotherThreadTells_IsToldOfInOrderAndKeepsThatThreadShortly()
    {
        // More than a thread tells of for others.
        const int Others = 40;
        var journal = new MemoryEventJournal(Options, Clock);
        var own = Environment.CurrentManagedThreadId;
        var (told, later) = (new List<(int Thread, TealEvent Event)>(), new List<Task<TealEvent>>());
        var first = journal.AppendAsync(
            new CallbackEvent(DateTime.UnixEpoch, "0", "a"), InAnHour,
            kept =>
            {
                Tell(kept);

                // Would never end if it were told of in the journal's lock.
                using var all = new ManualResetEventSlim();
                new Thread(() =>
                {
                    for (var i = 1; i <= Others; i++)
                    {
                        later.Add(journal.AppendAsync(
                            new CallbackEvent(DateTime.UnixEpoch, $"{i}", "a"), InAnHour, Tell, CancellationToken.None).AsTask());
                    }

                    all.Set();
                }).Start();
                all.Wait(TimeSpan.FromSeconds(30)).Should().BeTrue();
            },
            CancellationToken.None);

        first.IsCompletedSuccessfully.Should().BeTrue();
        var kept = await Task.WhenAll(later);
        told.Select(static one => Number(one.Event)).Should().Equal(Enumerable.Range(0, Others + 1));
        told.Skip(1).Select(static one => one.Event).Should().Equal(kept);
        told.Count(one => one.Thread == own).Should().BeInRange(2, Others / 2);

        void Tell(TealEvent @event) => told.Add((Environment.CurrentManagedThreadId, @event));
    }

    [Test]
    public async Task FindEnd_OfATopicWithoutEvents_IsNoGapForAsLongAsEventsAreRemembered()
    {
        var journal = new MemoryEventJournal(Options, Clock);
        Clock.Advance(TimeSpan.FromDays(30));
        await NoGapForDaysAsync(journal);
    }

    [Test]
    public async Task Delete_MoreTopicsThanAreRemembered_SaysThatThereMayHaveBeenEvents()
    {
        Options.MaximumTraces = 10;
        var journal = new MemoryEventJournal(Options, Clock);
        await RemembersSomeAsync(journal);
    }

    protected override Task<IEventJournal> CreateJournalAsync() => Task.FromResult<IEventJournal>(new MemoryEventJournal(Options, Clock));
}
