using System.Diagnostics;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Whole processes, on TLS, on several Redis end points, and on a network that drops everything without a word.</summary>
[Category("RabbitMq")]
[Category("Redis")]
[Parallelizable(ParallelScope.Self)]
public sealed class DistributedNetworkTests
{
    private static readonly TimeSpan Healing = TimeSpan.FromSeconds(10);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TemporaryFolder();

    [TearDown]
    public void Stop() => _folder.Dispose();

    [Test]
    public async Task Tls_WithAnAuthorityThatTheProcessTrusts_CarriesEverything()
    {
        using var certificates = TestCertificates.ForLoopback();
        await using var redis = await RedisServer.StartNewAsync("redis-s3cr3t", certificates);
        await using var broker = await RabbitMqServer.StartNewAsync(certificates);
        var trust = new Dictionary<string, string> { ["SSL_CERT_FILE"] = certificates.AuthorityFile };
        await using var process = await TealProcess.ServeAsync(_folder.Path, trust, TlsSettings(redis, broker.TlsPort));
        await ReadinessIsAsync(process, 200);
        await using var client = await TestClient.ConnectAsync(process.Dispatcher);
        await client.BindAsync("s", "https://example.org/");

        (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=s&n=1", [])).Status.Should().Be(302);

        (await client.ReceiveAsync()).Should().Contain("n=1");
        (process.Output + process.Errors).Should().NotContain("s3cr3t");
    }

    [TestCase("unknown authority")]
    [TestCase("another host")]
    [TestCase("expired")]
    public async Task Tls_WithACertificateThatIsNotToBeTrusted_IsRefusedAndSaidAndTheProcessStays(string fault)
    {
        using var certificates = fault switch
        {
            "another host" => TestCertificates.ForAnotherHost(),
            "expired" => TestCertificates.Expired(),
            _ => TestCertificates.ForLoopback(),
        };
        await using var redis = await RedisServer.StartNewAsync("redis-s3cr3t", certificates);
        await using var broker = TlsProxy.Start((await SharedRabbitMq.GetAsync()).Port, certificates);
        var trust = new Dictionary<string, string>();
        if (fault != "unknown authority") trust["SSL_CERT_FILE"] = certificates.AuthorityFile;
        await using var process = await TealProcess.ServeAsync(_folder.Path, trust, TlsSettings(redis, broker.Port));

        await Eventually.HoldsAsync(() => process.Errors.Split("its certificate").Length == 4, "messages");
        process.Errors.Split("its certificate is not trusted here")
            .Should().HaveCount(4, "Redis, and both directions of RabbitMQ, say it once");
        process.Errors.Should().NotContain("s3cr3t").And.NotContain("   at ");
        await ReadinessIsAsync(process, 503);
        (await RawHttp.SendAsync(process.Listener, "GET", "/health/ready", []))
            .Body.Should().Contain("\"bus\":\"unreachable\",\"store\":\"unreachable\"");
        (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=s", [])).Status.Should().Be(503);
    }

    [Test]
    public async Task PrimaryOfTwoRedis_DiesAndTheReplicaIsPromoted_GoesOnWithoutARestart()
    {
        await using var primary = await RedisServer.StartNewAsync();
        await using var replica = await RedisServer.StartNewAsync();
        await replica.FollowAsync(primary);
        await using var process = await TealProcess.ServeAsync(
            _folder.Path, "--Store", "Redis", "--Redis:Configuration", $"{replica.EndPoint},{primary.EndPoint}", "--Redis:Timeout", "2 s",
            "--PublishTimeout", "2 s");
        await ReadinessIsAsync(process, 200);
        await using var client = await TestClient.ConnectAsync(process.Dispatcher);
        await client.BindAsync("s");
        (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=s&n=1", [])).Status.Should().Be(204);
        (await client.ReceiveAsync()).Should().Contain("n=1");
        (await primary.GetAsync("callback_s")).Should().NotBeNull("writes go to the primary, wherever it stands");
        await Eventually.HoldsAsync(async () => await replica.GetAsync("callback_s") is not null, "the replica's copy");

        await primary.KillAsync();
        await Eventually.HoldsAsync(
            async () => (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=s&n=2", [])).Status == 503, "a refusal");
        await replica.SendAsync("REPLICAOF", "NO", "ONE");

        var healing = Stopwatch.StartNew();
        await Eventually.HoldsAsync(
            async () => (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=s&n=3", [])).Status == 204, "an answer");
        TestContext.Out.WriteLine($"Normal {healing.Elapsed.TotalSeconds:0.0} s after the replica was promoted.");
        healing.Elapsed.Should().BeLessThan(Healing);
        string? frame;
        while ((frame = await client.ReceiveAsync())!.Contains("n=2", StringComparison.Ordinal))
            TestContext.Out.WriteLine("A refused one was kept all the same.");
        frame.Should().Contain("n=3");
        await ReadinessIsAsync(process, 200);
    }

    [TestCase("RabbitMQ")]
    [TestCase("Redis")]
    public async Task Outage_UnderTheLoadOfManySenders_LosesNothingAnsweredAndHeals(string victim)
    {
        await using var own = victim == "RabbitMQ" ? await RabbitMqServer.StartNewAsync() : null;
        var broker = own ?? await SharedRabbitMq.GetAsync();
        await using var redis = RedisServer.Reserve(isDurable: true);
        await redis.StartAsync();
        await using var process = await TealProcess.ServeAsync(
            _folder.Path, "--Deployment", "Distributed", "--Redis:Configuration", redis.EndPoint, "--RabbitMq:Uri", broker.Uri.ToString(),
            "--RabbitMq:ExchangePrefix", SharedRabbitMq.UniquePrefix(), "--Redis:Timeout", "2 s", "--PublishTimeout", "2 s");
        await ReadinessIsAsync(process, 200);
        await using var load = await CrashLoad.StartAsync([process.Listener], [process.Dispatcher]);
        await Eventually.HoldsAsync(() => load.Answered > 200, "answered events");

        await (victim == "Redis" ? redis.KillAsync() : broker.KillAsync());
        await ReadinessIsAsync(process, 503);
        await Task.Delay(DistributedTests.Outage);
        await (victim == "Redis" ? redis.StartAsync() : broker.StartAsync());
        var healing = Stopwatch.StartNew();
        await ReadinessIsAsync(process, 200);
        healing.Elapsed.Should().BeLessThan(Healing);
        var enough = load.Answered + 200;
        await Eventually.HoldsAsync(() => load.Answered > enough, "answered events");

        TestContext.Out.WriteLine(
            $"{victim} away: {await load.SettleAsync()} Ready {healing.Elapsed.TotalSeconds:0.0} s after it was back.");
        load.Slowest.Should().BeLessThan(TimeSpan.FromSeconds(5));
        if (victim == "RabbitMQ") load.Refused.Should().Be(0, "what is kept in Redis needs no RabbitMQ");
    }

    [Test]
    public async Task NetworkThatDropsEverythingInSilence_UnderLoad_LosesNothingAnsweredAndHeals()
    {
        var broker = await SharedRabbitMq.GetAsync();
        await using var redis = await RedisServer.StartNewAsync();
        await using var toBroker = DroppingProxy.Start(broker.Port);
        await using var toRedis = DroppingProxy.Start(redis.Port);
        await using var process = await TealProcess.ServeAsync(
            _folder.Path, "--Deployment", "Distributed", "--Redis:Configuration", $"127.0.0.1:{toRedis.Port}",
            "--RabbitMq:Uri", new UriBuilder(broker.Uri) { Port = toBroker.Port }.Uri.ToString(), "--RabbitMq:ExchangePrefix",
            SharedRabbitMq.UniquePrefix(),
            "--RabbitMq:Heartbeat", "1 s", "--Redis:Timeout", "2 s", "--PublishTimeout", "2 s");
        await ReadinessIsAsync(process, 200);
        await using var load = await CrashLoad.StartAsync([process.Listener], [process.Dispatcher]);
        await Eventually.HoldsAsync(() => load.Answered > 200, "answered events");

        toBroker.Drop();
        toRedis.Drop();
        var dropping = Stopwatch.StartNew();
        await ReadinessIsAsync(process, 503);
        var noticed = dropping.Elapsed;
        await Eventually.HoldsAsync(() => load.Refused > 50 || process.HasExited, "refusals");
        process.HasExited.Should().BeFalse("it should wait for the network, but said: {0}", process.Errors);
        toBroker.Forward();
        toRedis.Forward();
        var healing = Stopwatch.StartNew();
        await ReadinessIsAsync(process, 200);
        healing.Elapsed.Should().BeLessThan(Healing);
        var enough = load.Answered + 200;
        await Eventually.HoldsAsync(() => load.Answered > enough, "answered events");

        TestContext.Out.WriteLine(
            $"{await load.SettleAsync()} Not ready after {noticed.TotalSeconds:0.0} s, ready {healing.Elapsed.TotalSeconds:0.0} s after "
                + "the network was back.");
        load.Slowest.Should().BeLessThan(TimeSpan.FromSeconds(5), "the store's and the journal's limits are two seconds each");
    }

    private static string[] TlsSettings(RedisServer redis, int brokerPort) =>
    [
        "--Deployment", "Distributed", "--Redis:Configuration", $"rediss://:redis-s3cr3t@localhost:{redis.Port}/0",
        "--RabbitMq:Uri", $"amqps://guest:guest@localhost:{brokerPort}/", "--Redis:Timeout", "2 s", "--PublishTimeout", "2 s",
    ];

    private static Task ReadinessIsAsync(TealProcess process, int status) => Eventually.HoldsAsync(
        async () => (await RawHttp.SendAsync(process.Listener, "GET", "/health/ready", [])).Status == status, $"readiness {status}");
}
