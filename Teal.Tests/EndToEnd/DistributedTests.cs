using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Teal.Dispatcher.Registrations;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// Listeners and dispatchers as processes of their own, on a real RabbitMQ and a real Redis, and what they do while one of those is away
/// (specification 4, 7).
/// </summary>
[Category("RabbitMq")]
[Category("Redis")]
[Parallelizable(ParallelScope.Self)]
public sealed class DistributedTests
{
    private static readonly TimeSpan Healing = TimeSpan.FromSeconds(10);

    // How long an outage lasts beyond what it takes to see it: nothing in the suite, more for the figures of docs/distributed.md.
    internal static readonly TimeSpan Outage =
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("TEAL_OUTAGE_SECONDS") ?? "0", CultureInfo.InvariantCulture));

    private readonly List<IAsyncDisposable> _resources = [];
    private readonly string _prefix = SharedRabbitMq.UniquePrefix();
    private TemporaryFolder _folder = null!;
    private RedisServer _redis = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new TemporaryFolder();
        _redis = await RedisServer.StartNewAsync("redis-s3cr3t");
        _resources.Add(_redis);
    }

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var resource in Enumerable.Reverse(_resources)) await resource.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task TwoListenersAndTwoDispatchers_OneInstallation_EachEventReachesEveryClientOnceInOrder()
    {
        var broker = await SharedRabbitMq.GetAsync();
        var processes = await Task.WhenAll(
            ServeAsync("Listener", broker), ServeAsync("Listener", broker), ServeAsync("Dispatcher", broker),
            ServeAsync("Dispatcher", broker));
        Uri[] listeners = [processes[0].Listener, processes[1].Listener], dispatchers = [processes[2].Dispatcher, processes[3].Dispatcher];
        await using var first = await TestClient.ConnectAsync(dispatchers[0]);
        await using var second = await TestClient.ConnectAsync(dispatchers[1]);
        var longState = new string('é', 1000);
        await first.BindAsync("s", "https://example.org/");
        await second.RegisterAsync("s");
        await second.BindAsync(longState);
        await first.RegisterAsync(longState);

        for (var i = 0; i < 20; i++)
            (await RawHttp.SendAsync(listeners[0], "GET", $"/callback?state=s&n={i}", [])).Status.Should().Be(302);
        (await RawHttp.SendAsync(listeners[1], "GET", $"/callback?state={Uri.EscapeDataString(longState)}", [])).Status.Should().Be(204);

        foreach (var client in new[] { first, second })
        {
            for (var i = 0; i < 20; i++) UrlOf(await client.ReceiveAsync()).Should().Be($"{listeners[0]}callback?state=s&n={i}");
            UrlOf(await client.ReceiveAsync()).Should().StartWith($"{listeners[1]}callback?state=%C3%A9");
            await client.ReceivesNothingAsync();
        }

        (await RawHttp.SendAsync(dispatchers[0], "GET", "/callback?state=s", []))
            .Status.Should().Be(404, "a dispatcher alone is no listener");
        foreach (var process in processes) (process.Output + process.Errors).Should().NotContain("s3cr3t");
    }

    [Test]
    public async Task TwoSystems_OnOneRedisAndOneBroker_HearNothingOfEachOther()
    {
        var broker = await SharedRabbitMq.GetAsync();
        var processes = await Task.WhenAll(
            ServeAsync("Listener,Dispatcher", broker),
            ServeAsync("Listener,Dispatcher", broker, "--RabbitMq:ExchangePrefix", _prefix + "staging."));
        await using var own = await TestClient.ConnectAsync(processes[0].Dispatcher, subprotocol: "teal.v2");
        await using var foreign = await TestClient.ConnectAsync(processes[1].Dispatcher, subprotocol: "teal.v2");
        foreach (var client in new[] { own, foreign })
        {
            await client.SendAsync("""{"id":1,"register_to":{"type":"powens_domain","powens_domain":"budgea","after":"earliest"}}""");
            (await client.ReceiveAsync()).Should().StartWith("{\"type\":\"ack\"");
        }

        (await RawHttp.SendAsync(
            processes[0].Listener, "POST", "/powens-webhook/budgea.biapi.pro/X", ["Authorization: Bearer t"],
            "x"u8.ToArray())).Status.Should().Be(204);
        (await own.ReceiveAsync()).Should().Contain("\"payload\":\"x\"");
        await foreign.SendAsync(
            """{"id":2,"register_to":{"type":"powens_domain","powens_domain":"budgea","after":"earliest","tell_end":true}}""");
        (await foreign.ReceiveAsync()).Should().StartWith("{\"type\":\"ack\",\"id\":2");
        (await foreign.ReceiveAsync()).Should().StartWith("{\"type\":\"replayed\"");
    }

    [Test]
    public async Task LongWebhooks_BesideShortOnes_ReachEveryClientOnceInOrder()
    {
        var broker = await SharedRabbitMq.GetAsync();
        var processes = await Task.WhenAll(
            ServeAsync("Listener", broker), ServeAsync("Dispatcher", broker), ServeAsync("Dispatcher", broker));
        await using var first = await TestClient.ConnectAsync(processes[1].Dispatcher);
        await using var second = await TestClient.ConnectAsync(processes[2].Dispatcher);
        var bodies = Enumerable.Range(0, 12).Select(static i => new string((char)(i + 1), i % 3 == 0 ? 10 : 20_000 * i)).ToArray();
        foreach (var client in new[] { first, second })
        {
            await client.SendAsync("{\"register_to\":{\"type\":\"powens_domain\",\"powens_domain\":\"budgea\"}}");
            await client.SettleAsync();
        }

        foreach (var body in bodies)
        {
            (await RawHttp.SendAsync(
                processes[0].Listener, "POST", "/powens-webhook/budgea.biapi.pro/EV",
                ["Authorization: Bearer t"], Encoding.UTF8.GetBytes(body))).Status.Should().Be(204);
        }

        foreach (var client in new[] { first, second })
        {
            foreach (var body in bodies)
                JsonDocument.Parse((await client.ReceiveAsync())!).RootElement.GetProperty("payload").GetString().Should().Be(body);
            await client.ReceivesNothingAsync();
        }
    }

    [Test]
    public async Task Dispatcher_KilledAndStartedAgain_ServesItsClientsAgainAndTheOthersDoNotNotice()
    {
        var broker = await SharedRabbitMq.GetAsync();
        var listener = await ServeAsync("Listener", broker);
        var killed = await ServeAsync("Dispatcher", broker);
        var other = await ServeAsync("Dispatcher", broker);
        await using var bystander = await TestClient.ConnectAsync(other.Dispatcher);
        await bystander.BindAsync("s");
        await using (var client = await TestClient.ConnectAsync(killed.Dispatcher))
        {
            await client.RegisterAsync("s");
            await killed.KillAsync();
        }

        (await RawHttp.SendAsync(listener.Listener, "GET", "/callback?state=s&n=1", [])).Status.Should().Be(204);
        UrlOf(await bystander.ReceiveAsync()).Should().EndWith("n=1");

        var restarting = Stopwatch.StartNew();
        var again = await ServeAsync("Dispatcher", broker);
        await using var back = await TestClient.ConnectAsync(again.Dispatcher);
        await back.RegisterAsync("s");
        (await RawHttp.SendAsync(listener.Listener, "GET", "/callback?state=s&n=2", [])).Status.Should().Be(204);
        UrlOf(await back.ReceiveAsync()).Should().EndWith("n=2");
        TestContext.Out.WriteLine(
            $"Answered: 2 with 204; delivered: both to the other dispatcher, 1 to the killed one's client; normal "
                + $"{restarting.Elapsed.TotalSeconds:0.0} s after its start.");
        UrlOf(await bystander.ReceiveAsync()).Should().EndWith("n=2");
        await bystander.ReceivesNothingAsync();
    }

    [Test]
    public async Task Broker_AwayUnderLoad_KeepsAndDeliversEveryEventOnceAndHeals()
    {
        var broker = await RabbitMqServer.StartNewAsync();
        _resources.Add(broker);
        var process = await ServeAsync("Listener,Dispatcher", broker);
        await using var client = await TestClient.ConnectAsync(process.Dispatcher);
        await client.BindAsync("s");
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(process.Listener, stop.Token);

        await broker.KillAsync();
        await Eventually.HoldsAsync(() => process.Errors.Contains("RabbitMQ (publishing) is away", StringComparison.Ordinal), "a message");
        await ReadinessIsAsync(process.Listener, 503, "\"bus\":\"unreachable\"");
        await client.SendAsync("{\"register_to\":{\"type\":\"callback\",\"state\":\"during\"}}");
        var received = 0;
        (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=s&meanwhile=1", [])).Status.Should().Be(204);
        while (!UrlOf(await client.ReceiveAsync()).EndsWith("meanwhile=1", StringComparison.Ordinal)) received++;
        await Task.Delay(Outage);

        await broker.StartAsync();
        var healing = Stopwatch.StartNew();
        await ReadinessIsAsync(process.Listener, 200, "\"bus\":\"ok\"");
        healing.Elapsed.Should().BeLessThan(Healing);
        await stop.CancelAsync();
        var (accepted, unavailable, slowest) = await load.WithinLimit();

        await _redis.SendAsync("SET", "callback_during", "{}");
        (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=during&last=1", [])).Status.Should().Be(204);
        // The load's own events end before the last one, on another topic, comes; none of them is missing and none comes twice.
        var isLast = false;
        while (!isLast || received < accepted)
        {
            if (UrlOf(await client.ReceiveAsync()).EndsWith("last=1", StringComparison.Ordinal)) isLast = true;
            else received++;
        }

        await client.ReceivesNothingAsync();
        TestContext.Out.WriteLine(
            $"Answered: {accepted} with 204, {unavailable} with 503, none slower than {slowest.TotalSeconds:0.0} s; "
            + $"delivered: {received}; normal {healing.Elapsed.TotalSeconds:0.0} s after the broker was back.");
        unavailable.Should().Be(0, "an event is kept in Redis, and RabbitMQ is not needed for that");
        received.Should().Be(accepted);
        slowest.Should().BeLessThan(TimeSpan.FromSeconds(5));
        process.Errors.Split("is away").Length.Should().BeLessThanOrEqualTo(4, "it is said once for each direction and break");
    }

    [Test]
    public async Task Redis_Away_Gets503InTimeKeepsWebsocketsOpenAndHeals()
    {
        var process = await ServeAsync("Listener,Dispatcher", await SharedRabbitMq.GetAsync());
        await using var client = await TestClient.ConnectAsync(process.Dispatcher);
        await client.BindAsync("s");
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(process.Listener, stop.Token);
        (await client.ReceiveAsync()).Should().NotBeNull("there is a load");

        await _redis.KillAsync();
        var asking = Stopwatch.StartNew();
        (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=s", [])).Status.Should().Be(503);
        asking.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
        await ReadinessIsAsync(process.Dispatcher, 503, "\"store\":\"unreachable\"");
        await client.SendAsync(
            $"{{\"create\":{{\"type\":\"callback\",\"state\":\"t\",\"expires_at\":{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600}}}}}");
        var received = 1;
        string? frame;
        while ((frame = await client.ReceiveAsync())!.Contains("\"type\":\"callback\"", StringComparison.Ordinal)) received++;
        frame.Should().Contain("callback_creation_failure").And.Contain("could not be stored");
        await Task.Delay(Outage);

        await _redis.StartAsync();
        var healing = Stopwatch.StartNew();
        await ReadinessIsAsync(process.Listener, 200, "\"store\":\"ok\"");
        healing.Elapsed.Should().BeLessThan(Healing);

        // This Redis keeps nothing, so the state is bound again; the load gets 404 in between, and 204 from then on.
        await client.SendAsync(
            $"{{\"create\":{{\"type\":\"callback\",\"state\":\"s\",\"expires_at\":{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600}}}}}");
        (await client.ReceiveAsync()).Should().Contain("\"state\":\"s\"");
        received++;
        await stop.CancelAsync();
        var (accepted, unavailable, slowest) = await load.WithinLimit();
        (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=s&last=1", [])).Status.Should().Be(204);
        while (!UrlOf(await client.ReceiveAsync()).EndsWith("last=1", StringComparison.Ordinal)) received++;
        TestContext.Out.WriteLine(
            $"Answered: {accepted} with 204, {unavailable} with 503, none slower than {slowest.TotalSeconds:0.0} s; "
            + $"delivered: {received}; normal {healing.Elapsed.TotalSeconds:0.0} s after Redis was back.");
        received.Should().Be(accepted);
        slowest.Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Test]
    [NonParallelizable]
    public async Task TenThousandRegistrations_ThatComeAndGo_LeaveNoBindingAndNoMemory()
    {
        const int Count = 10_000, Rounds = 2;
        var broker = await SharedRabbitMq.GetAsync();
        await using var server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Bus"] = "RabbitMq",
            ["RabbitMq:Uri"] = broker.Uri.ToString(),
            ["RabbitMq:ExchangePrefix"] = _prefix,
            ["Dispatcher:UnbindDelay"] = "0 s",
        });
        var table = server.Services.GetRequiredService<RegistrationTable>();
        var memory = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            await using (var client = await TestClient.ConnectAsync(server.Dispatcher))
            {
                for (var i = 0; i < Count; i++)
                    await client.SendAsync($"{{\"register_to\":{{\"type\":\"callback\",\"state\":\"{round}-{i}\"}}}}");
                await client.SettleAsync();
                (await broker.CountBindingsAsync(_prefix)).Should().Be(Count);
            }

            await Eventually.HoldsAsync(() => table.TopicCount == 0, "no topic");
            (await broker.CountBindingsAsync(_prefix)).Should().Be(0);
            memory.Add(GC.GetTotalMemory(forceFullCollection: true));
        }

        TestContext.Out.WriteLine($"Memory after each round: {string.Join(", ", memory.Select(bytes => $"{bytes / 1048576.0:0.0} MiB"))}");
        (memory[^1] - memory[0]).Should().BeLessThan(1024 * 1024);
    }

    [Test]
    public async Task Start_WithoutRedisAndRabbitMq_WaitsAndSaysSo()
    {
        var broker = RabbitMqServer.Reserve();
        _resources.Add(broker);
        await _redis.StopAsync();

        var process = await ServeAsync("Listener,Dispatcher", broker);
        (await RawHttp.SendAsync(process.Listener, "GET", "/health/live", [])).Body.Should().Be("{\"status\":\"live\"}");
        await ReadinessIsAsync(process.Listener, 503, "\"bus\":\"unreachable\",\"store\":\"unreachable\"");
        await Eventually.HoldsAsync(
            () => process.Errors.Contains("RabbitMQ", StringComparison.Ordinal)
                && process.Errors.Contains("Redis", StringComparison.Ordinal),
            "messages");

        await _redis.StartAsync();
        await broker.StartAsync();
        await ReadinessIsAsync(process.Listener, 200, "{\"status\":\"ready\",\"dependencies\":{\"bus\":\"ok\",\"store\":\"ok\"}}");
        await using var client = await TestClient.ConnectAsync(process.Dispatcher);
        await client.BindAsync("s");
        (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=s", [])).Status.Should().Be(204);
        (await client.ReceiveAsync()).Should().NotBeNull();
    }

    [Test]
    public async Task Sigterm_OfADispatcher_DeliversWhatTheBrokerHoldsFirst()
    {
        var broker = await SharedRabbitMq.GetAsync();
        var listener = await ServeAsync("Listener", broker);
        var dispatcher = await ServeAsync("Dispatcher", broker);
        await using var client = await TestClient.ConnectAsync(dispatcher.Dispatcher);
        await client.BindAsync("s");
        for (var i = 0; i < 100; i++)
            (await RawHttp.SendAsync(listener.Listener, "GET", $"/callback?state=s&n={i}", [])).Status.Should().Be(204);

        dispatcher.Signal(TealProcess.Terminate);

        for (var i = 0; i < 100; i++) UrlOf(await client.ReceiveAsync()).Should().EndWith($"n={i}");
        (await client.ReceiveAsync()).Should().BeNull();
        client.CloseStatus.Should().Be(System.Net.WebSockets.WebSocketCloseStatus.EndpointUnavailable);
        (await dispatcher.WaitAsync()).Should().Be(0);
    }

    [TestCase("--Deployment", "Distributed", "Teal:Dispatcher:Password")]
    [TestCase("--RabbitMq:Uri", "http://u:s3cr3t@localhost", "amqp://")]
    [TestCase("--RabbitMq:Uri", "amqp://u:s3cr3t@localhost/a/b", "virtual host")]
    [TestCase("--Redis:Configuration", "redis://", "Teal:Redis:Configuration")]
    public async Task WrongSetting_OfTheDistributedDeployment_EndsWith78AndRepeatsNoSecret(string key, string value, string fault)
    {
        await using var process = TealProcess.Run(_folder.Path, ["serve", key, value]);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().Contain(fault).And.NotContain("s3cr3t");
    }

    private async Task<TealProcess> ServeAsync(string modules, RabbitMqServer broker, params string[] settings)
    {
        var process = await TealProcess.ServeAsync(
            _folder.Path,
            [
                "--Deployment", "Distributed", "--Modules", modules, "--Redis:Configuration", $"redis://:redis-s3cr3t@{_redis.EndPoint}/0",
                "--RabbitMq:Uri", broker.Uri.ToString(), "--RabbitMq:ExchangePrefix", _prefix, "--RabbitMq:Timeout", "1 s",
                "--Redis:Timeout", "2 s", "--PublishTimeout", "2 s",

                // Some tests read nothing while they wait for a broker, which takes as long as the machine is busy, and send more than a
                // topic keeps.
                "--Dispatcher:PongTimeout", "5 min", "--Journal:MaximumEventsPerTopic", "1000000", .. settings,
            ]);
        _resources.Add(process);
        return process;
    }

    private static async Task ReadinessIsAsync(Uri address, int status, string part)
    {
        RawResponse? answer = null;
        var limit = Stopwatch.StartNew();
        while (answer is null || answer.Status != status || !answer.Body.Contains(part, StringComparison.Ordinal))
        {
            limit.Elapsed.Should().BeLessThan(Eventually.Limit, "the last answer was {0} {1}", answer?.Status, answer?.Body);
            await Task.Delay(20);
            answer = await RawHttp.SendAsync(address, "GET", "/health/ready", []);
        }
    }

    private static async Task<(int Accepted, int Unavailable, TimeSpan Slowest)> LoadAsync(Uri listener, CancellationToken stop)
    {
        var (accepted, unavailable, slowest) = (0, 0, TimeSpan.Zero);
        while (!stop.IsCancellationRequested)
        {
            var asked = Stopwatch.StartNew();
            var status = (await RawHttp.SendAsync(listener, "GET", "/callback?state=s", [])).Status;
            status.Should().BeOneOf(204, 404, 503);
            if (status == 204) accepted++;
            if (status == 503) unavailable++;
            if (asked.Elapsed > slowest) slowest = asked.Elapsed;
        }

        return (accepted, unavailable, slowest);
    }

    private static string UrlOf(string? frame) => JsonDocument.Parse(frame!).RootElement.GetProperty("url").GetString()!;
}
