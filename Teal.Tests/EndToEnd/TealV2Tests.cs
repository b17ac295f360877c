using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.States;
using Teal.Dispatcher.Connections;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>The subprotocol <c>teal.v2</c> (specification 3.3), on the memory store and on the embedded one.</summary>
[TestFixture("Memory")]
[TestFixture("Embedded")]
public sealed class TealV2Tests(string store)
{
    private readonly TemporaryFolder _folder = new();
    private TestServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await StartAsync();

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Connect_OfferingTealV2_SelectsIt()
    {
        await using var client = await ConnectAsync();

        ((ClientWebSocket)client.Socket).SubProtocol.Should().Be("teal.v2");
    }

    [Test]
    public async Task Register_WithAnId_IsAcknowledgedAndEventsCarryCursors()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync("{\"id\":\"my \\\"1\\\"\",\"create\":{\"type\":\"callback\",\"state\":\"a\",\"expires_at\":\"2999-01-01T00:00:00\"}}");
        (await ReceiveAsync(client)).GetProperty("code").GetString().Should().Be("expires_too_late");
        await client.SendAsync(Create(7, "a", register: true));

        var ack = await ReceiveAsync(client);
        ack.GetProperty("type").GetString().Should().Be("ack");
        ack.GetProperty("id").GetRawText().Should().Be("7");
        ack.GetProperty("cursor").GetString().Should().HaveLength(26);

        (await _server.GetAsync("/callback?state=a&code=1")).Status.Should().Be(204);
        var @event = await client.ReceiveAsync();
        @event.Should().MatchRegex("""^\{"type":"callback","timestamp":"[^"]{26}","url":"[^"]*/callback\?state=a&code=1","state":"a","cursor":"[0-9a-f]{26}"\}$""");
    }

    [TestCase("no JSON", "null")]
    [TestCase("[]", "null")]
    [TestCase("{\"id\":1,\"register\":{}}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"nothing\",\"state\":\"a\"}}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"a\",\"affter\":\"earliest\"}}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"a\",\"after\":\"junk\"}}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"a\",\"after\":1}}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"\\ud800\"}}", "1")]
    [TestCase("{\"id\":true}", "null")]
    [TestCase("{\"id\":{\"a\":1}}", "null")]
    [TestCase("{\"id\":1,\"create\":{\"type\":\"callback\",\"state\":\"a\",\"expires_at\":0,\"owner\":\"me\"}}", "1")]
    [TestCase("{\"id\":1,\"delete\":{\"type\":\"powens_domain\",\"powens_domain\":\"a\"}}", "1")]
    [TestCase("{\"id\":1,\"create\":[]}", "1")]
    [TestCase("{\"id\":1,\"register_to\":[]}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"a\",\"tell_end\":1}}", "1")]
    [TestCase("{\"id\":1,\"create\":{\"type\":\"callback\",\"state\":\"a\",\"expires_at\":\"2999-01-01\"},\"delete\":{\"type\":\"callback\",\"state\":\"a\"}}", "1")]
    [TestCase("{\"id\":\"é\",\"unregister_from\":{}}", "\"\\u00e9\"")]
    public async Task Send_AMessageThatIsWrong_IsAnsweredWithAnError(string message, string id)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(message);

        var error = await ReceiveAsync(client);
        error.GetProperty("type").GetString().Should().Be("error");
        error.GetProperty("id").GetRawText().Should().Be(id);
        error.GetProperty("code").GetString().Should().Be("invalid_message");
        error.GetProperty("detail").GetString().Should().NotBeEmpty();
    }

    [Test]
    public async Task Send_ABinaryMessage_IsAnsweredWithAnError()
    {
        await using var client = await ConnectAsync();
        await client.Socket.SendAsync(new byte[10], WebSocketMessageType.Binary, true, CancellationToken.None);

        (await ReceiveAsync(client)).GetProperty("code").GetString().Should().Be("invalid_message");
    }

    [Test]
    public async Task Register_AfterEarliest_BringsWhatCameBefore()
    {
        await _server.BindAsync("a");
        for (var i = 0; i < 1000; i++) await KeepAsync("a", i);
        await using var client = await ConnectAsync();

        await client.SendAsync(RegisterTo("a", "earliest"));

        (await ReceiveAsync(client)).GetProperty("cursor").GetString().Should().Be("earliest");
        for (var i = 0; i < 1000; i++) NumberOf(await ReceiveAsync(client)).Should().Be(i);
        await _server.GetAsync("/callback?state=a&n=1000");
        NumberOf(await ReceiveAsync(client)).Should().Be(1000);
    }

    [Test]
    public async Task Register_AfterACursor_BringsWhatCameSinceAndNothingTwice()
    {
        await using (var first = await ConnectAsync())
        {
            await first.SendAsync(Create(1, "a", register: true));
            await ReceiveAsync(first);
            for (var i = 0; i < 5; i++) await _server.GetAsync($"/callback?state=a&n={i}");
            for (var i = 0; i < 3; i++) _cursor = CursorOf(await ReceiveAsync(first));
        }

        await using var second = await ConnectAsync();
        await second.SendAsync(RegisterTo("a", _cursor));
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

        await _server.GetAsync("/callback?state=a&n=1");
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
        await client.SendAsync(RegisterTo("a", (minutesAhead < 0 ? RealClock.Now : RealClock.Now.AddMinutes(minutesAhead)).ToString("yyyy-MM-ddTHH:mm:ss.ffffff")));
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
    public async Task Register_AfterACursorOfTheStoreBeforeItWasRestored_BringsAGapAndThenWhatCome()
    {
        if (store == "Memory") Assert.Pass("It has no backup.");
        await HitAsync("a", 1);
        await _server.DisposeAsync();
        var backup = Directory.CreateDirectory(_folder.Combine("backup")).FullName;
        foreach (var file in Directory.GetFiles(_folder.Path, "teal.db*")) File.Copy(file, Path.Combine(backup, Path.GetFileName(file)));
        _server = await StartAsync();
        await HitAsync("a", 2);
        string cursor;
        await using (var before = await ConnectAsync())
        {
            await before.SendAsync(RegisterTo("a", null));
            cursor = CursorOf(await ReceiveAsync(before));
        }

        await _server.DisposeAsync();
        foreach (var file in Directory.GetFiles(_folder.Path, "teal.db*")) File.Delete(file);
        foreach (var file in Directory.GetFiles(backup)) File.Copy(file, _folder.Combine(Path.GetFileName(file)));
        _server = await StartAsync();
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", cursor));
        var ack = await ReceiveAsync(client);

        var gap = await ReceiveAsync(client);
        (gap.GetProperty("type").GetString(), gap.GetProperty("after").GetString(), CursorOf(gap)).Should().Be(("gap", cursor, CursorOf(ack)));
        await HitAsync("a", 3);
        NumberOf(await ReceiveAsync(client)).Should().Be(3);
        await NothingMoreAsync(client);
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
        await _server.BindAsync("a");
        var filling = new string('x', 7_000);
        for (var i = 0; i < 1000; i++) await KeepAsync("a", i, filling);
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", "earliest"));
        var connections = _server.Services.GetRequiredService<ConnectionTable>();
        await Eventually.HoldsAsync(() => connections.All.Any(), "a connection");
        var connection = connections.All.Single();

        // Their replays wait for the client, which does not read; so it is not answered, either.
        for (var i = 0; i < 2000; i++) await client.SendAsync("""{"register_to":{"type":"callback","state":"b","after":"00000000000001"}}""");
        await client.SendAsync("""{"register_to":{"type":"callback","state":"c"}}""");
        await Eventually.HoldsAsync(() => connection.Registrations.Count == 3, "all messages done");

        connection.Replays.Count.Should().BeLessThan(40);
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
        await _server.DisposeAsync();

        // Clients, senders and server share this machine's processors: a client that gets no turn for long must not be taken for a slow one.
        _server = await StartAsync(("Dispatcher:SendQueueLength", $"{Senders * Each}"));
        await _server.BindAsync("a");
        var sending = Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++) (await _server.GetAsync($"/callback?state=a&n={(sender * Each) + i}")).Status.Should().Be(204);
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
        await _server.DisposeAsync();
        _server = await StartAsync(("Journal:MaximumEventsPerTopic", "2"));
        await _server.BindAsync("a");
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
    public async Task Delete_AState_ForgetsItAndItsEvents()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Create(1, "a", register: true));
        await ReceiveAsync(client);
        await _server.GetAsync("/callback?state=a&n=1");
        var cursor = CursorOf(await ReceiveAsync(client));

        await client.SendAsync("{\"id\":2,\"delete\":{\"type\":\"callback\",\"state\":\"a\"}}");
        (await ReceiveAsync(client)).GetProperty("type").GetString().Should().Be("ack");

        (await _server.GetAsync("/callback?state=a&n=2")).Status.Should().Be(404);
        await using var other = await ConnectAsync();
        await other.SendAsync(RegisterTo("a", "earliest"));
        await ReceiveAsync(other);
        await NothingMoreAsync(other);
        cursor.Should().NotBeEmpty();
    }

    [TestCase("""{"id":1,"register_to":{"type":"callback","state":"fresh"},"delete":{"type":"callback","state":"away"}}""", "state_not_deleted")]
    [TestCase("""{"id":1,"create":{"type":"callback","state":"fresh","expires_at":"EXPIRY"},"register_to":{"type":"callback","state":"fresh"},"delete":{"type":"callback","state":"away"}}""", "state_not_deleted")]
    [TestCase("""{"id":1,"create":{"type":"callback","state":"away","expires_at":"EXPIRY"},"register_to":{"type":"callback","state":"fresh"}}""", "state_not_stored")]
    public async Task Send_AMessageOfWhichAPartCannotBeDone_DoesNothingOfIt(string message, string code)
    {
        await _server.DisposeAsync();
        _server = await StartAsync(services => services.AddSingleton<ICallbackStateStore>(new FailingStore(new MemoryCallbackStateStore(new CallbackStateOptions(), TimeProvider.System))));
        await using var client = await ConnectAsync();
        await client.SendAsync(message.Replace("EXPIRY", RealClock.InAnHour.ToString("s"), StringComparison.Ordinal));

        (await ReceiveAsync(client)).GetProperty("code").GetString().Should().Be(code);

        (await _server.GetAsync("/callback?state=fresh&n=1")).Status.Should().Be(404, "it was not created");
        await _server.States.PutAsync(new CallbackState("fresh", null, false, null, "anonymous"), CancellationToken.None);
        (await _server.GetAsync("/callback?state=fresh&n=2")).Status.Should().Be(204);
        await NothingMoreAsync(client);
    }

    [Test]
    public async Task Unregister_FromATopic_StopsItsEventsOnly()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Create(1, "a", register: true));
        await client.SendAsync(Create(2, "b", register: true));
        await client.SendAsync("{\"id\":3,\"unregister_from\":{\"type\":\"callback\",\"state\":\"a\"}}");
        for (var i = 1; i <= 3; i++) (await ReceiveAsync(client)).GetProperty("id").GetInt32().Should().Be(i);

        await _server.GetAsync("/callback?state=a&n=1");
        await _server.GetAsync("/callback?state=b&n=2");

        NumberOf(await ReceiveAsync(client)).Should().Be(2);
    }

    [Test]
    public async Task Stop_TheServer_SaysDrainingAndClosesWith1001()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Create(1, "a", register: true));
        await ReceiveAsync(client);
        var stopping = _server.StopAsync();

        (await client.ReceiveAsync()).Should().Be("{\"type\":\"draining\"}");
        (await client.ReceiveAsync()).Should().BeNull();
        client.CloseStatus.Should().Be(WebSocketCloseStatus.EndpointUnavailable);
        await client.DisposeAsync();
        await stopping.WithinLimit();
    }

    [Test]
    public async Task Replay_ToAClientThatReadsSlowly_IsPacedAndEndsNobody()
    {
        await _server.DisposeAsync();
        _server = await StartAsync(("Dispatcher:SendQueueLength", "16"));
        await _server.BindAsync("a");
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
        await _server.DisposeAsync();
        _server = await StartAsync(("Journal:TraceRetention", "1 s"));
        var journal = _server.Services.GetRequiredService<IEventJournal>();
        var first = (await journal.ReadAsync(new Topic(EventKind.Callback, "a"), 0, 1, CancellationToken.None)).Horizon;
        await Eventually.HoldsAsync(
            async () => (await journal.ReadAsync(new Topic(EventKind.Callback, "a"), 0, 1, CancellationToken.None)).Horizon > first, "the journal is older than its traces");

        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", null));
        (await ReceiveAsync(client)).GetProperty("type").GetString().Should().Be("ack");
        await NothingMoreAsync(client);
    }

    [Test]
    public async Task Event_ForAClassicAndAnExtendedClient_HasTheClassicBytesForTheFirst()
    {
        await using var classic = await TestClient.ConnectAsync(_server.Dispatcher);
        await classic.BindAsync("a");
        await using var extended = await ConnectAsync();
        await extended.SendAsync(RegisterTo("a", null));
        await ReceiveAsync(extended);

        await _server.GetAsync("/callback?state=a&n=1");

        var plain = await classic.ReceiveAsync();
        (await extended.ReceiveAsync()).Should().MatchRegex($"^{System.Text.RegularExpressions.Regex.Escape(plain![..^1])},\"cursor\":\"[0-9a-f]{{26}}\"\\}}$");
    }

    private string _cursor = "";

    private static string Create(int id, string state, bool register) => JsonSerializer.Serialize(new
    {
        id,
        create = new { type = "callback", state, expires_at = RealClock.InAnHour.ToString("s") },
        register_to = register ? new { type = "callback", state } : null,
    });

    private static string RegisterTo(string state, string? after) => JsonSerializer.Serialize(new { id = 1, register_to = new { type = "callback", state, after } });

    private static async Task<JsonElement> ReceiveAsync(TestClient client)
    {
        var message = await client.ReceiveAsync();
        message.Should().NotBeNull("the server closed with {0}", client.CloseStatus);
        return JsonDocument.Parse(message!).RootElement;
    }

    private static string CursorOf(JsonElement message) => message.GetProperty("cursor").GetString()!;

    private static int NumberOf(JsonElement message) =>
        int.Parse(System.Text.RegularExpressions.Regex.Match(message.GetProperty("url").GetString()!, @"&n=(\d+)").Groups[1].Value);

    // Behind what is on its way the answer to another message comes.
    private static async Task NothingMoreAsync(TestClient client)
    {
        await client.SendAsync("{\"id\":\"nothing more\"}");
        (await ReceiveAsync(client)).GetProperty("id").GetString().Should().Be("nothing more");
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

    private Task<TestClient> ConnectAsync() => TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");

    private async Task KeepAsync(string state, int number, string filling = "") =>
        await _server.Services.GetRequiredService<IEventJournal>().AppendAsync(
            new CallbackEvent(RealClock.Now, $"http://x/callback?state={state}&n={number}&x={filling}", state), new EventRetention(RealClock.InAnHour, true), static _ => { }, CancellationToken.None);

    private async Task HitAsync(string state, int number)
    {
        await _server.BindAsync(state);
        (await _server.GetAsync($"/callback?state={state}&n={number}")).Status.Should().Be(204);
    }

    private Task<TestServer> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    private Task<TestServer> StartAsync(Action<IServiceCollection>? configure, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["Store"] = store, ["DataDirectory"] = _folder.Path };
        foreach (var (key, value) in settings) all[key] = value;
        return TestServer.StartAsync(all, configure: configure);
    }

    // Cannot do what has to do with the state «away».
    private sealed class FailingStore(MemoryCallbackStateStore store) : ICallbackStateStore
    {
        public ValueTask<CallbackState?> FindAsync(string state, CancellationToken cancellationToken) => store.FindAsync(state, cancellationToken);

        public ValueTask<StoreResult> PutAsync(CallbackState state, CancellationToken cancellationToken) =>
            state.State == "away" ? throw new IOException("away") : store.PutAsync(state, cancellationToken);

        public ValueTask<bool> DeleteAsync(string state, CancellationToken cancellationToken) =>
            state == "away" ? throw new IOException("away") : store.DeleteAsync(state, cancellationToken);
    }
}
