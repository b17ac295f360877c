using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Tests.Support;
using Teal.Web.Sessions;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// Clients that read slowly, later or not at all: what waits for them is bounded in bytes, and nobody else pays for it (specification 7.1).
/// </summary>
public sealed class SlowClientTests
{
    private const int KiB = 1024;

    [Test]
    public async Task LargeEvents_ForAClientThatReadsLater_AllComeInOrder()
    {
        const int Events = 60;
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:SendQueueSize"] = "100 KiB" });
        using var client = await ConnectAsync(server, "a");

        for (var i = 0; i < Events; i++) await SendAsync(server, "a", $"{i}", 50 * KiB);

        Budget(server).Held.Should().BeLessThan(200 * KiB, "3 MiB were sent");
        for (var i = 0; i < Events; i++) (await client.ReceiveTextAsync()).Should().Contain($"\"event\":\"{i}\"");
        await SendAsync(server, "a", "live", 10);
        (await client.ReceiveTextAsync()).Should().Contain("\"event\":\"live\"");
        await Eventually.HoldsAsync(() => Budget(server).Held == 0, "nothing is held");
    }

    [Test]
    public async Task LargeEvent_ForManyThatDoNotRead_IsHeldOnce()
    {
        await using var server = await TestServer.StartAsync();
        var clients = new List<RawWebSocket>();
        for (var i = 0; i < 20; i++) clients.Add(await ConnectAsync(server, "a"));

        // Control characters take six times as much in JSON.
        (await SendAsync(server, "a", "X", 500 * KiB, filling: '\u0001')).Should().Be(204);

        await Eventually.HoldsAsync(() => Budget(server).Held > 3000 * KiB, "it waits");
        Budget(server).Held.Should().BeLessThan((3010 * KiB) + (20 * 32 * KiB));
        foreach (var client in clients) client.Dispose();
        await Eventually.HoldsAsync(() => Budget(server).Held == 0, "nothing is held");
    }

    [Test]
    public async Task Replay_ToClientsThatDoNotRead_StopsWhereTheyStop()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 50; i++) await SendAsync(server, "a", $"{i}", 100 * KiB);

        var clients = new List<RawWebSocket>();
        for (var i = 0; i < 3; i++)
        {
            var client = await ConnectAsync(server, "a", "earliest");
            (await client.ReceiveTextAsync()).Should().StartWith("{\"type\":\"ack\"");
            clients.Add(client);
        }

        await Eventually.HoldsAsync(() => Budget(server).Held > 200 * KiB, "something waits");
        Budget(server).Held.Should().BeLessThan(3 * 400 * KiB, "5 MiB are kept");
        for (var i = 0; i < 50; i++) (await clients[0].ReceiveTextAsync()).Should().Contain($"\"event\":\"{i}\"");
        foreach (var client in clients) client.Dispose();
        await Eventually.HoldsAsync(() => Budget(server).Held == 0, "nothing is held");
    }

    [Test]
    public async Task SpentBudget_EndsWhoHoldsMostAndNobodyElse()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:SendBudget"] = "1 MiB" });
        using var innocent = await ConnectAsync(server, "innocent");
        using var greedy = await ConnectAsync(server, "greedy");
        using var late = await ConnectAsync(server, "late");
        await SendAsync(server, "innocent", "X", 250 * KiB);
        await SendAsync(server, "greedy", "X", 800 * KiB);
        await Eventually.HoldsAsync(() => IsTooSlow(server), "one is closed");

        await SendAsync(server, "late", "X", 300 * KiB);

        (await greedy.ReceiveCloseCodeAsync()).Should().Be(1013);
        (await innocent.ReceiveTextAsync()).Should().Contain("\"innocent.biapi.pro\"");
        (await late.ReceiveTextAsync()).Should().Contain("\"late.biapi.pro\"");
        server.Log.Lines.Count(static line => line.Id.Id == 8013).Should().Be(1, "the others stay");
    }

    [Test]
    public async Task SpentBudget_ByManyThatShareAMessage_EndsWhoHasOneOfItsOwn()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:SendBudget"] = "1 MiB" });
        using var one = await ConnectAsync(server, "shared");
        using var two = await ConnectAsync(server, "shared");
        using var three = await ConnectAsync(server, "shared");
        using var single = await ConnectAsync(server, "single");

        await SendAsync(server, "shared", "X", 700 * KiB);
        await SendAsync(server, "single", "X", 500 * KiB);
        await Eventually.HoldsAsync(() => IsTooSlow(server), "one is closed");

        (await single.ReceiveCloseCodeAsync()).Should().Be(1013);
        foreach (var client in new[] { one, two, three }) (await client.ReceiveTextAsync()).Should().Contain("\"shared.biapi.pro\"");
    }

    [Test]
    public async Task Replay_OfALargeEventWhileTheBudgetIsHalfSpent_Waits()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:SendBudget"] = "1 MiB" });
        await SendAsync(server, "kept", "X", 80 * KiB);
        using var greedy = await ConnectAsync(server, "greedy");
        await SendAsync(server, "greedy", "X", 800 * KiB);
        await Eventually.HoldsAsync(() => Budget(server).Held > 512 * KiB, "half of the budget is spent");

        using var client = await ConnectAsync(server, "kept", "earliest");
        (await client.ReceiveTextAsync()).Should().StartWith("{\"type\":\"ack\"");
        var replay = client.ReceiveTextAsync();
        await SendAsync(server, "other", "X", 10);
        replay.IsCompleted.Should().BeFalse();
        (await greedy.ReceiveTextAsync()).Should().Contain("\"greedy.biapi.pro\"");

        (await replay).Should().Contain("\"kept.biapi.pro\"");
    }

    [Test]
    public async Task Replay_OfASmallEventWhileTheBudgetIsHalfSpent_Comes()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:SendBudget"] = "1 MiB" });
        await SendAsync(server, "kept", "X", 10);
        using var greedy = await ConnectAsync(server, "greedy");
        await SendAsync(server, "greedy", "X", 800 * KiB);
        await Eventually.HoldsAsync(() => Budget(server).Held > 512 * KiB, "half of the budget is spent");

        using var client = await ConnectAsync(server, "kept", "earliest");
        (await client.ReceiveTextAsync()).Should().StartWith("{\"type\":\"ack\"");
        (await client.ReceiveTextAsync()).Should().Contain("\"kept.biapi.pro\"");
        Budget(server).Held.Should().BeGreaterThan(512 * KiB, "the other one still reads nothing");
    }

    [Test]
    public async Task Replay_WhileOthersHoldHalfOfTheBudgetAndTakeNothing_ComesAllTheSame()
    {
        var clock = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(
            new Dictionary<string, string>
            {
                ["Dispatcher:SendBudget"] = "1 MiB",
                ["Dispatcher:PingInterval"] = "1 h",
                ["Dispatcher:PongTimeout"] = "1 h",
            }, clock);
        await SendAsync(server, "kept", "X", 80 * KiB);
        using var greedy = await ConnectAsync(server, "greedy");
        await SendAsync(server, "greedy", "X", 800 * KiB);
        await Eventually.HoldsAsync(() => Budget(server).Held > 512 * KiB, "half of the budget is spent");

        using var client = await ConnectAsync(server, "kept", "earliest");
        (await client.ReceiveTextAsync()).Should().StartWith("{\"type\":\"ack\"");
        var replay = client.ReceiveTextAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return replay.IsCompleted;
            },
            "the replay");

        (await replay).Should().Contain("\"kept.biapi.pro\"");
        (await greedy.ReceiveCloseCodeAsync()).Should().Be(1013);
    }

    [Test]
    public async Task ClientThatSendsAndDoesNotRead_IsClosedWith1013AfterThePongTimeout()
    {
        await using var server = await TestServer.StartAsync(
            new Dictionary<string, string> { ["Dispatcher:PongTimeout"] = "1 s", ["Dispatcher:CloseTimeout"] = "60 s" });
        using var client = await ConnectAsync(server, "a");
        await SendAsync(server, "a", "X", 500 * KiB);
        while (!IsTooSlow(server))
        {
            await client.SendAsync(RawWebSocket.Pong, []);
            await Task.Delay(50);
        }

        (await client.ReceiveCloseCodeAsync()).Should().Be(1013);
    }

    [Test]
    public async Task ClientThatIsStillWithinALargeMessage_IsPinged()
    {
        await using var server = await TestServer.StartAsync(
            new Dictionary<string, string> { ["Dispatcher:PingInterval"] = "1 s", ["Dispatcher:PongTimeout"] = "10 s" });
        using var client = await ConnectAsync(server, "a");
        await SendAsync(server, "a", "X", 1000 * KiB);
        await Eventually.HoldsAsync(() => Budget(server).Held > 0, "it waits");
        await Task.Delay(1500);

        var frames = new List<int>();
        do frames.Add((await client.ReceiveAsync()).Opcode);
        while (frames[^1] != RawWebSocket.Ping);

        frames.Should().HaveCountLessThan(10, "a message of a megabyte has 32 frames");
    }

    [Test]
    public async Task Stop_WithAClientThatReadsNothing_TellsTheOthersAtOnce()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:SendQueueSize"] = "100 KiB" });
        using var stalled = await RawWebSocket.ConnectAsync(server.Dispatcher, receiveBuffer: 4096);
        await stalled.SendTextAsync("{\"register_to\":{\"type\":\"powens_domain\",\"powens_domain\":\"a\"}}");
        await using var other = await TestClient.ConnectAsync(server.Dispatcher);
        await other.RegisterAsync("b");
        while (Budget(server).Held < 100 * KiB) await SendAsync(server, "a", "X", 50 * KiB);

        var stopping = server.StopAsync();

        (await other.ReceiveAsync()).Should().BeNull();
        other.CloseStatus.Should().Be(WebSocketCloseStatus.EndpointUnavailable);
        stopping.IsCompleted.Should().BeFalse("the stalled one has time to read");
        stalled.Dispose();
        await stopping.WithinLimit();
    }

    [Test]
    public async Task ClientsThatComeTogether_ShareTheReadingOfTheJournal()
    {
        const int Clients = 100, Events = 1000;
        await using var server = await TestServer.StartAsync(
            configure: static services => services.AddSingleton<IEventJournal, CountingJournal>());
        var journal = (CountingJournal)server.Services.GetRequiredService<IEventJournal>();
        for (var i = 0; i < Events; i++)
        {
            await journal.AppendAsync(
                new CallbackEvent(RealClock.Now, $"http://x/?n={i}", "a"), new EventRetention(RealClock.InAnHour, true), static _ => { },
                CancellationToken.None);
        }

        var clients = await Task.WhenAll(
            Enumerable.Range(0, Clients).Select(_ => TestClient.ConnectAsync(server.Dispatcher, subprotocol: "teal.v2")));
        await Task.WhenAll(clients.Select(
            static client => client.SendAsync("{\"register_to\":{\"type\":\"callback\",\"state\":\"a\",\"after\":\"earliest\"}}")));
        await Task.WhenAll(clients.Select(static async client =>
        {
            for (var i = 0; i < Events; i++) (await client.ReceiveAsync()).Should().Contain($"?n={i}\"");
        }));

        journal.Pages.Should().BeLessThan(Clients * Events / 128 / 4);
        foreach (var client in clients) await client.DisposeAsync();
    }

    private static SendBudget Budget(TestServer server) => server.Services.GetRequiredService<SendBudget>();

    private static bool IsTooSlow(TestServer server) => server.Log.Lines.Any(static line => line.Id.Id == 8013);

    // Registered for the webhooks of a domain; takes some kilobytes, and no more before it reads.
    private static async Task<RawWebSocket> ConnectAsync(TestServer server, string domain, string? after = null)
    {
        var client = await RawWebSocket.ConnectAsync(server.Dispatcher, receiveBuffer: 4096, subprotocol: "teal.v2");
        var afterMember = after is null ? "" : $",\"after\":\"{after}\"";
        await client.SendTextAsync(
            $"{{\"id\":1,\"register_to\":{{\"type\":\"powens_domain\",\"powens_domain\":\"{domain}\"{afterMember}}}}}");
        if (after is null) (await client.ReceiveTextAsync()).Should().StartWith("{\"type\":\"ack\"");
        return client;
    }

    private static async Task<int> SendAsync(TestServer server, string domain, string name, int size, char filling = 'x') =>
        (await RawHttp.SendAsync(
            server.Listener, "POST", $"/powens-webhook/{domain}.biapi.pro/{name}",
            ["Authorization: Bearer t", "Content-Type: application/json"],
            Encoding.ASCII.GetBytes(new string(filling, size)))).Status;

    /// <summary>The memory journal, which counts the pages that are read.</summary>
    private sealed class CountingJournal(MemoryEventJournal journal) : IEventJournal
    {
        private int _pages;

        public int Pages => _pages;

        public string Id => journal.Id;

        public ValueTask<string?> FindOwnerAsync(Topic topic, CancellationToken cancellationToken) =>
            journal.FindOwnerAsync(topic, cancellationToken);

        public ValueTask<JournalPage> ReadAsync(Topic topic, long after, int limit, int size, CancellationToken cancellationToken)
        {
            if (limit > 0) Interlocked.Increment(ref _pages);
            return journal.ReadAsync(topic, after, limit, size, cancellationToken);
        }

        public ValueTask<TealEvent> AppendAsync(
            TealEvent @event, EventRetention retention, Action<TealEvent> kept, CancellationToken cancellationToken) =>
            journal.AppendAsync(@event, retention, kept, cancellationToken);

        public ValueTask ClaimAsync(Topic topic, CancellationToken cancellationToken) => journal.ClaimAsync(topic, cancellationToken);

        public ValueTask<long> FindEndAsync(Topic topic, CancellationToken cancellationToken) =>
            journal.FindEndAsync(topic, cancellationToken);

        public ValueTask KeepUntilAsync(Topic topic, DateTime keepUntil, CancellationToken cancellationToken) =>
            journal.KeepUntilAsync(topic, keepUntil, cancellationToken);

        public ValueTask<int> DeleteAsync(Topic topic, CancellationToken cancellationToken) =>
            journal.DeleteAsync(topic, cancellationToken);
    }
}
