using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Dispatcher.Registrations;
using Teal.Tests.Support;
using Teal.Web.Sessions;

namespace Teal.Tests.EndToEnd;

/// <summary>From where a registration of <c>teal.v2</c> begins (specification 3.3), on the memory store and on the embedded one.</summary>
[TestFixture("Memory")]
[TestFixture("Embedded")]
public sealed class TealV2PositionTests(string store) : TealV2Fixture(store)
{
    [Test]
    public async Task Register_AfterEarliest_BringsWhatCameBefore()
    {
        await Server.BindAsync("a");
        for (var i = 0; i < 1000; i++) await KeepAsync("a", i);
        await using var client = await ConnectAsync();

        await client.SendAsync(RegisterTo("a", "earliest"));

        (await ReceiveAsync(client)).GetProperty("cursor").GetString().Should().Be("earliest");
        for (var i = 0; i < 1000; i++) NumberOf(await ReceiveAsync(client)).Should().Be(i);
        await Server.GetAsync("/callback?state=a&n=1000");
        NumberOf(await ReceiveAsync(client)).Should().Be(1000);
    }

    [Test]
    public async Task Register_AfterACursor_BringsWhatCameSinceAndNothingTwice()
    {
        var cursor = "";
        await using (var first = await ConnectAsync())
        {
            await first.SendAsync(Create(1, "a", register: true));
            await ReceiveAsync(first);
            for (var i = 0; i < 5; i++) await Server.GetAsync($"/callback?state=a&n={i}");
            for (var i = 0; i < 3; i++) cursor = CursorOf(await ReceiveAsync(first));
        }

        await using var second = await ConnectAsync();
        await second.SendAsync(RegisterTo("a", cursor));
        await ReceiveAsync(second);
        NumberOf(await ReceiveAsync(second)).Should().Be(3);
        NumberOf(await ReceiveAsync(second)).Should().Be(4);
        await NothingMoreAsync(second);
    }

    [Test]
    public async Task Register_FromTheAcknowledgementsCursor_MissesNothing()
    {
        string cursor;
        await using (var first = await ConnectAsync())
        {
            await first.SendAsync(Create(1, "a", register: true));
            cursor = CursorOf(await ReceiveAsync(first));
        }

        await Server.GetAsync("/callback?state=a&n=1");
        await using var second = await ConnectAsync();
        await second.SendAsync(RegisterTo("a", cursor));
        await ReceiveAsync(second);
        NumberOf(await ReceiveAsync(second)).Should().Be(1);
    }

    [Test]
    public async Task Register_AfterAnInstant_BringsWhatCameSince()
    {
        await KeepAsync("a", 1);
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", RealClock.Now.AddMinutes(-1).ToString("s")));
        (await ReceiveAsync(client)).GetProperty("type").GetString().Should().Be("ack");

        NumberOf(await ReceiveAsync(client)).Should().Be(1, "no gap is told: nobody says that all before was seen");
    }

    [TestCase(-1, TestName = "{m}(now)")]
    [TestCase(2, TestName = "{m}(of a clock that is fast)")]
    [TestCase(60 * 24 * 3650, TestName = "{m}(in ten years)")]
    public async Task Register_AfterAnInstantThatIsNotYet_BringsWhatComesFromNowOn(int minutesAhead)
    {
        await KeepAsync("a", 1);
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo(
            "a", (minutesAhead < 0 ? RealClock.Now : RealClock.Now.AddMinutes(minutesAhead)).ToString("yyyy-MM-ddTHH:mm:ss.ffffff")));
        (await ReceiveAsync(client)).GetProperty("type").GetString().Should().Be("ack");

        for (var i = 2; i < 5; i++)
        {
            await HitAsync("a", i);
            NumberOf(await ReceiveAsync(client)).Should().Be(i);
        }
    }

    [TestCase("ffffffffffffff")]
    [TestCase("0fffffffffffff")]
    public async Task Register_AfterACursorThatNobodyWasGiven_BringsAGapAndThenWhatCome(string cursor)
    {
        await KeepAsync("a", 1);
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", cursor));
        var ack = await ReceiveAsync(client);

        var gap = await ReceiveAsync(client);
        gap.GetProperty("type").GetString().Should().Be("gap");
        gap.GetProperty("after").GetString().Should().StartWith(cursor);
        gap.GetProperty("cursor").GetString().Should().Be(CursorOf(ack));
        await HitAsync("a", 2);
        NumberOf(await ReceiveAsync(client)).Should().Be(2);
    }

    [Test]
    public async Task Register_AfterACursorOfAnotherJournal_BringsAGapAndAllThatIsKeptHere()
    {
        await KeepAsync("a", 1);
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", null));
        var own = CursorOf(await ReceiveAsync(client));
        await client.SendAsync(RegisterTo("a", $"{own[..14]}{(own[14] == '0' ? '1' : '0')}{own[15..]}"));
        CursorOf(await ReceiveAsync(client)).Should().Be("earliest");

        (await ReceiveAsync(client)).GetProperty("type").GetString().Should().Be("gap");
        NumberOf(await ReceiveAsync(client)).Should().Be(1);
        await HitAsync("a", 2);
        NumberOf(await ReceiveAsync(client)).Should().Be(2);
    }

    [Test]
    public async Task Register_AfterACursorOfAnotherTopic_IsRefusedAndTheRegistrationBeforeGoesOn()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", null));
        var cursor = CursorOf(await ReceiveAsync(client));
        await client.SendAsync(RegisterTo("b", null));
        await ReceiveAsync(client);

        await client.SendAsync(RegisterTo("b", cursor));

        (await ReceiveAsync(client)).GetProperty("detail").GetString().Should().Contain("another topic");
        await HitAsync("b", 1);
        NumberOf(await ReceiveAsync(client)).Should().Be(1);
    }

    [Test]
    public async Task Register_AfterACursorOfTheVersionBefore_GoesOnThere()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", null));
        var cursor = CursorOf(await ReceiveAsync(client));
        await HitAsync("a", 1);
        NumberOf(await ReceiveAsync(client)).Should().Be(1);

        await client.SendAsync(RegisterTo("a", cursor[..14]));

        await ReceiveAsync(client);
        NumberOf(await ReceiveAsync(client)).Should().Be(1);
        await NothingMoreAsync(client);
    }

    [Test]
    public async Task Register_AgainAndAgainWithoutReading_HoldsNoMoreThanItsRegistrations()
    {
        await Server.BindAsync("a");
        var filling = new string('x', 7_000);
        for (var i = 0; i < 1000; i++) await KeepAsync("a", i, filling);
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", "earliest"));
        var channels = Server.Services.GetRequiredService<ChannelTable>();
        await Eventually.HoldsAsync(() => channels.Sessions.Any(), "a connection");
        var subscriber = (ISubscriber)channels.Sessions.Single();

        // Their replays wait for the client, which does not read; so it is not answered, either.
        for (var i = 0; i < 2000; i++)
            await client.SendAsync("""{"register_to":{"type":"callback","state":"b","after":"00000000000001"}}""");
        await client.SendAsync("""{"register_to":{"type":"callback","state":"c"}}""");
        await Eventually.HoldsAsync(() => subscriber.Registrations.Count == 3, "all messages done");

        subscriber.Replays.Count.Should().BeLessThan(40);
        for (var i = 0; i < 1000;)
        {
            // Between them come the gaps of the other topic, whose cursors are older than the journal.
            var message = await ReceiveAsync(client);
            if (message.GetProperty("type").GetString() == "callback") NumberOf(message).Should().Be(i++);
        }
    }

    [TestCase(0)]
    [TestCase(3)]
    public async Task Register_AskingForTheEnd_IsToldOnceItHasAllThatWasKept(int kept)
    {
        for (var i = 0; i < kept; i++) await KeepAsync("a", i);
        await using var client = await ConnectAsync();
        await client.SendAsync("""{"id":1,"register_to":{"type":"callback","state":"a","after":"earliest","tell_end":true}}""");
        await ReceiveAsync(client);

        var cursor = "earliest";
        for (var i = 0; i < kept; i++) cursor = CursorOf(await ReceiveAsync(client));
        var end = await ReceiveAsync(client);
        end.GetRawText().Should().Be($$$"""{"type":"replayed","topic":{"type":"callback","state":"a"},"cursor":"{{{cursor}}}"}""");
        await HitAsync("a", 9);
        NumberOf(await ReceiveAsync(client)).Should().Be(9);
        await NothingMoreAsync(client);
    }

    [Test]
    public async Task Register_WhileEventsKeepArriving_HasNeitherHoleNorRepeat()
    {
        const int Senders = 4, Each = 400;
        await Server.DisposeAsync();

        // Clients, senders and server share this machine's processors: a client that gets no turn for long must not be taken for a slow
        // one.
        Server = await StartAsync(("Dispatcher:SendQueueLength", $"{Senders * Each}"));
        await Server.BindAsync("a");
        var sending = Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++) (await Server.GetAsync($"/callback?state=a&n={(sender * Each) + i}")).Status.Should().Be(204);
        })).ToArray();

        var clients = new List<Task<List<int>>>();
        for (var i = 0; i < 10; i++)
        {
            clients.Add(ReadAllAsync(Senders * Each));
            await Task.Delay(20);
        }

        await Task.WhenAll(sending).WithinLimit();
        foreach (var numbers in await Task.WhenAll(clients).WithinLimit())
        {
            numbers.Should().HaveCount(Senders * Each).And.OnlyHaveUniqueItems();
            for (var sender = 0; sender < Senders; sender++) numbers.Where(number => number / Each == sender).Should().BeInAscendingOrder();
        }
    }

    [Test]
    public async Task Register_BehindWhatIsNotKept_BringsAGapFirst()
    {
        await Server.DisposeAsync();
        Server = await StartAsync(("Journal:MaximumEventsPerTopic", "2"));
        await Server.BindAsync("a");
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", null));
        var cursor = CursorOf(await ReceiveAsync(client));
        for (var i = 0; i < 5; i++) await KeepAsync("a", i);

        await using var late = await ConnectAsync();
        await late.SendAsync(RegisterTo("a", cursor));
        await ReceiveAsync(late);

        var gap = await ReceiveAsync(late);
        gap.GetProperty("type").GetString().Should().Be("gap");
        gap.GetProperty("topic").GetRawText().Should().Be("{\"type\":\"callback\",\"state\":\"a\"}");
        gap.GetProperty("after").GetString().Should().Be(cursor);
        NumberOf(await ReceiveAsync(late)).Should().Be(3);
        NumberOf(await ReceiveAsync(late)).Should().Be(4);
    }

    [Test]
    public async Task Replay_ToAClientThatReadsSlowly_IsPacedAndEndsNobody()
    {
        await Server.DisposeAsync();
        Server = await StartAsync(("Dispatcher:SendQueueLength", "16"));
        await Server.BindAsync("a");
        var filling = new string('x', 10_000);
        for (var i = 0; i < 2000; i++) await KeepAsync("a", i, filling);

        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", "earliest"));
        await Task.Delay(200);
        await ReceiveAsync(client);
        for (var i = 0; i < 2000; i++) NumberOf(await ReceiveAsync(client)).Should().Be(i);
    }

    [Test]
    public async Task Register_ForATopicThatNeverWas_HasNoGapHoweverOldTheJournalIs()
    {
        await Server.DisposeAsync();
        Server = await StartAsync(("Journal:TraceRetention", "1 s"));
        var journal = Server.Services.GetRequiredService<IEventJournal>();
        var first = (await journal.ReadAsync(new Topic(EventKinds.Callback, "a"), 0, 1, CancellationToken.None)).Horizon;
        await Eventually.HoldsAsync(
            async () =>
                (await journal.ReadAsync(new Topic(EventKinds.Callback, "a"), 0, 1, CancellationToken.None))
                    .Horizon > first, "the journal is older than its traces");

        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", null));
        (await ReceiveAsync(client)).GetProperty("type").GetString().Should().Be("ack");
        await NothingMoreAsync(client);
    }

    private async Task<List<int>> ReadAllAsync(int count)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", "earliest"));
        await ReceiveAsync(client);
        var numbers = new List<int>();
        while (numbers.Count < count) numbers.Add(NumberOf(await ReceiveAsync(client)));
        await NothingMoreAsync(client);
        return numbers;
    }
}
