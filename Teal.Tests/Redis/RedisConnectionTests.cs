using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Core.States;
using Teal.Redis;
using Teal.Tests.Support;

namespace Teal.Tests.Redis;

/// <summary>What becomes of the store when Redis comes and goes.</summary>
[Category("Redis")]
[Parallelizable(ParallelScope.Self)]
public sealed class RedisConnectionTests
{
    private const string Password = "s3cr3t-password";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private static readonly CallbackState State = new("s3cr3t-state", null, false, null, "anonymous");

    private readonly LogRecorder _log = new();
    private RedisServer? _server;
    private IHost? _host;

    private ICallbackStateStore Store => _host!.Services.GetRequiredService<ICallbackStateStore>();

    private RedisConnection Connection => _host!.Services.GetRequiredService<RedisConnection>();

    private IEnumerable<string> Told =>
        _log.Lines.Where(line => line.Category.StartsWith("Teal", StringComparison.Ordinal)).Select(line => $"{line.Level} {line.Id.Id}");

    [TearDown]
    public async Task StopAsync()
    {
        if (_host is not null) await _host.StopAsync().WithinLimit();
        _host?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        foreach (var secret in new[] { Password, State.State })
            _log.Lines.Should().NotContain(line => line.Text.Contains(secret, StringComparison.Ordinal));
    }

    [Test]
    public async Task Run_WhileALongCommandIsUnderWay_IsAnsweredBeforeIt()
    {
        var key = $"test:{Guid.NewGuid():N}";
        using var connection = new RedisConnection(new RedisOptions { Configuration = SharedRedis.Server.EndPoint }, TimeProvider.System);

        // It is answered when something is pushed, and whatever comes on the same connection waits behind it.
        var waiting = connection.RunLongAsync(database => database.ExecuteAsync("BLPOP", key, 0), CancellationToken.None);
        await Eventually.HoldsAsync(
            async () =>
                Encoding.ASCII.GetString((byte[])(await SharedRedis.Server.SendAsync("CLIENT", "LIST"))!)
                    .Contains("cmd=blpop", StringComparison.Ordinal),
            "the long command");

        await connection.RunAsync(database => database.ListRightPushAsync(key, "value"), CancellationToken.None).WithinLimit();
        ((string[])(await waiting.WithinLimit())!).Should().Equal(key, "value");
    }

    [Test]
    public async Task Ping_OfAConnectionThatIsNew_MakesTheOthersToo()
    {
        var name = $"test-{Guid.NewGuid():N}";
        using var connection = new RedisConnection(
            new RedisOptions { Configuration = $"{SharedRedis.Server.EndPoint},name={name}" }, TimeProvider.System);
        await connection.RunAsync(static database => database.PingAsync(), CancellationToken.None);
        var before = await CountAsync();

        (await connection.PingAsync(CancellationToken.None)).Should().BeTrue();

        (await CountAsync()).Should().Be(3 * before);

        async Task<int> CountAsync()
        {
            var clients = Encoding.ASCII.GetString((byte[])(await SharedRedis.Server.SendAsync("CLIENT", "LIST"))!);
            return clients.Split('\n').Count(line => line.Contains($"name={name}", StringComparison.Ordinal));
        }
    }

    [Test]
    public async Task Use_AfterARestartOfRedis_WorksAgainSoonAndIsToldOnce()
    {
        _server = await RedisServer.StartNewAsync();
        await StartHostAsync(_server.EndPoint);
        await Store.PutAsync(State, CancellationToken.None);

        await _server.StopAsync();
        await Eventually.HoldsAsync(() => Told.Any(), "a warning");
        await ShouldFailAsync();
        var back = Stopwatch.GetTimestamp();
        await _server.StartAsync();
        await Eventually.HoldsAsync(async () => await Connection.PingAsync(CancellationToken.None), "a connection");

        Stopwatch.GetElapsedTime(back).Should().BeLessThan(TimeSpan.FromSeconds(10));
        await Store.PutAsync(State, CancellationToken.None);
        (await Store.FindAsync(State.State, CancellationToken.None)).Should().Be(State);
        await Eventually.HoldsAsync(() => Told.Count() > 1, "a message that it is back");
        Told.Should().Equal("Warning 6001", "Information 6002");
    }

    [Test]
    public async Task Use_OfARedisThatTakesNoWrites_IsNotReadyAndToldOnceWithItsOwnWord()
    {
        await using var primary = await RedisServer.StartNewAsync();
        _server = await RedisServer.StartNewAsync();
        await StartHostAsync(_server.EndPoint);
        await Store.PutAsync(State, CancellationToken.None);

        await _server.FollowAsync(primary);
        await Eventually.HoldsAsync(() => Told.Any(), "a warning");
        (await Connection.PingAsync(CancellationToken.None)).Should().BeFalse();
        await _server.SendAsync("REPLICAOF", "NO", "ONE");
        await Eventually.HoldsAsync(() => Told.Count() > 1, "a message that it is back");
        Told.Should().Equal("Warning 6001", "Information 6002");
        _log.Lines.Should().ContainSingle(static line => line.Id.Id == 6001).Which.Text.Should().Contain("READONLY");

        await _server.SendAsync("ACL", "SETUSER", "default", "resetkeys", "~teal:*");
        await Eventually.HoldsAsync(() => Told.Count() > 2, "a warning");
        await _server.SendAsync("ACL", "SETUSER", "default", "allkeys");
        await Eventually.HoldsAsync(() => Told.Count() > 3, "a message that it is back");
        _log.Lines.Where(static line => line.Id.Id == 6001).Last().Text.Should().Contain("NOPERM");
    }

    [TestCase("allkeys-lru", true)]
    [TestCase("volatile-ttl", true)]
    [TestCase("noeviction", false)]
    public async Task Start_OnARedisThatThrowsKeysAwayWhenItIsFull_SaysSo(string policy, bool isTold)
    {
        _server = await RedisServer.StartNewAsync();
        await _server.SendAsync("CONFIG", "SET", "maxmemory", "100mb", "maxmemory-policy", policy);
        await StartHostAsync(_server.EndPoint);

        // When it is looked at the second time, all is said.
        await Eventually.HoldsAsync(async () => (long)(await _server.SendAsync("DEL", "teal:probe"))! == 1, "a look");
        await Eventually.HoldsAsync(async () => (long)(await _server.SendAsync("EXISTS", "teal:probe"))! == 1, "another one");
        Told.Contains("Warning 6003").Should().Be(isTold);
    }

    [Test]
    public async Task Start_WithoutRedis_NeitherFailsNorWaitsAndWorksOnceItIsThere()
    {
        _server = RedisServer.Reserve();
        var started = Stopwatch.GetTimestamp();
        await StartHostAsync(_server.EndPoint);
        Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(1));
        await ShouldFailAsync();
        await Eventually.HoldsAsync(() => Told.Any(), "a warning");

        await _server.StartAsync();
        await Eventually.HoldsAsync(() => Told.Count() > 1, "a message that it is back");

        await Store.PutAsync(State, CancellationToken.None);
        Told.Should().Equal("Warning 6001", "Information 6002");
    }

    [Test]
    public async Task Use_WhileRedisDoesNotAnswer_FailsInTimeAndWorksAfterwards()
    {
        _server = await RedisServer.StartNewAsync();
        await StartHostAsync(_server.EndPoint);
        await Store.PutAsync(State, CancellationToken.None);

        await _server.PauseAsync(true);
        await ShouldFailAsync();
        await _server.PauseAsync(false);

        await Eventually.HoldsAsync(async () => await Connection.PingAsync(CancellationToken.None), "an answer");
        (await Store.FindAsync(State.State, CancellationToken.None)).Should().Be(State);
    }

    [Test]
    public async Task Use_OverAConnectionThatFellSilent_WorksOverANewOne()
    {
        _server = await RedisServer.StartNewAsync();
        await using var relay = new TcpRelay(_server.Port);
        await StartHostAsync($"127.0.0.1:{relay.Port}");
        await Store.PutAsync(State, CancellationToken.None);

        relay.Silence();
        var silent = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(async () => await Connection.PingAsync(CancellationToken.None), "an answer");

        Stopwatch.GetElapsedTime(silent).Should().BeLessThan(3.5 * Timeout, "the driver alone waits four times as long");
        (await Store.FindAsync(State.State, CancellationToken.None)).Should().Be(State);
    }

    [Test]
    public async Task Use_WithThePassword_IsLetIn()
    {
        _server = await RedisServer.StartNewAsync(Password);
        await StartHostAsync($"redis://:{Password}@{_server.EndPoint}/3");

        await Store.PutAsync(State, CancellationToken.None);

        Encoding.UTF8.GetString((byte[])(await _server.SendAsync("INFO", "keyspace"))!).Should().Contain("db3:keys=").And.NotContain("db0");
    }

    [TestCase("redis://teal:" + Password + "@{0}/0")]
    [TestCase("{0},user=teal,password=" + Password)]
    public async Task Use_AsAUserWhoMayDoNoMoreThanTealDoes_IsLetIn(string configuration)
    {
        _server = await RedisServer.StartNewAsync();
        await _server.SendAsync(["ACL", "SETUSER", "teal", "on", ">" + Password, .. RedisServer.PermissionsOfTeal]);
        await _server.SendAsync("ACL", "SETUSER", "default", "off");
        await StartHostAsync(string.Format(CultureInfo.InvariantCulture, configuration, _server.EndPoint));

        await Store.PutAsync(State, CancellationToken.None);

        (await Store.FindAsync(State.State, CancellationToken.None)).Should().Be(State);
        (await Connection.PingAsync(CancellationToken.None)).Should().BeTrue();
        Told.Should().BeEmpty();
    }

    [Test]
    public async Task Use_ThroughASentinel_GoesOnAtTheReplicaThatItPromotes()
    {
        await using var primary = await RedisServer.StartNewAsync();
        await using var replica = await RedisServer.StartNewAsync();
        await replica.FollowAsync(primary);
        await using var sentinel = await RedisServer.StartSentinelAsync(primary);
        await Eventually.HoldsAsync(
            async () => await sentinel.SendAsync("SENTINEL", "REPLICAS", "teal") is object?[] { Length: 1 },
            "a replica that the sentinel knows");
        await StartHostAsync($"{sentinel.EndPoint},serviceName=teal");

        // It asks the sentinel first, and then connects to whom that names, while the host runs already.
        await Eventually.HoldsAsync(async () => await Connection.PingAsync(CancellationToken.None), "a connection to the primary");
        await Store.PutAsync(State, CancellationToken.None);
        await Eventually.HoldsAsync(async () => await replica.GetAsync($"callback_{State.State}") is not null, "the replica's copy");

        await primary.KillAsync();

        // The sentinel is asked: while it promotes the replica it closes that one's connections, the test's own among them.
        await Eventually.HoldsAsync(async () => await PrimaryAsync(sentinel) == replica.EndPoint, "a promoted replica");
        var promoted = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(async () => await Connection.PingAsync(CancellationToken.None), "a connection");
        Stopwatch.GetElapsedTime(promoted).Should().BeLessThan(TimeSpan.FromSeconds(10));
        (await Store.FindAsync(State.State, CancellationToken.None)).Should().Be(State);
        await Store.PutAsync(State, CancellationToken.None);
    }

    [Test]
    public async Task Start_BeforeTheSentinel_WorksOnceItIsThere()
    {
        _server = await RedisServer.StartNewAsync();
        await using var sentinel = RedisServer.Reserve();
        await StartHostAsync($"{sentinel.EndPoint},serviceName=teal");
        await ShouldFailAsync();

        await sentinel.StartAsSentinelAsync(_server);
        await Eventually.HoldsAsync(async () => await Connection.PingAsync(CancellationToken.None), "a connection");

        await Store.PutAsync(State, CancellationToken.None);
    }

    [TestCase("")]
    [TestCase(",password=" + Password)]
    public async Task Use_WithoutThePasswordOrAWrongOne_FailsAndIsToldOnce(string option)
    {
        _server = await RedisServer.StartNewAsync("another");
        await StartHostAsync(_server.EndPoint + option);

        await ShouldFailAsync();
        (await Connection.PingAsync(CancellationToken.None)).Should().BeFalse();
        await Eventually.HoldsAsync(() => Told.Any(), "a warning");
        (await Connection.ProbeAsync(CancellationToken.None))!.Message.Should().MatchRegex(
            "AuthenticationFailure|NOAUTH|WRONGPASS|Connect");
        Told.Should().Equal("Warning 6001");
    }

    [Test]
    public async Task Use_WithAPasswordWhereNoneIsNeeded_Works()
    {
        _server = await RedisServer.StartNewAsync();
        await StartHostAsync($"{_server.EndPoint},password={Password}");

        await Store.PutAsync(State, CancellationToken.None);
    }

    [Test]
    public async Task Use_ADatabaseThatIsNotThere_Fails()
    {
        _server = await RedisServer.StartNewAsync();
        await StartHostAsync($"redis://{_server.EndPoint}/99");

        await ShouldFailAsync();
        (await Connection.ProbeAsync(CancellationToken.None))!.Message.Should().Contain("database 99");
    }

    [TestCase("nowhere.invalid")]
    [TestCase("nowhere.invalid,resolveDns=true")]
    [TestCase("nowhere.invalid,serviceName=teal")]
    public async Task Use_AHostThatDoesNotExist_Fails(string host)
    {
        await StartHostAsync(host);

        await ShouldFailAsync();
        (await Connection.PingAsync(CancellationToken.None)).Should().BeFalse();
    }

    private async Task StartHostAsync(string configuration)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<ILoggerProvider>(_log);
        builder.Services.AddTealRedis(new RedisOptions
        {
            Configuration = configuration,
            Timeout = Timeout,
            KeepAlive = TimeSpan.FromSeconds(1),
            WatchInterval = TimeSpan.FromMilliseconds(200),
        });
        _host = builder.Build();
        await _host.StartAsync().WithinLimit();
    }

    // Where the sentinel says that the primary is, as «127.0.0.1:6379».
    private static async Task<string> PrimaryAsync(RedisServer sentinel)
    {
        var address = (object?[])(await sentinel.SendAsync("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "teal"))!;
        return string.Join(':', address.Select(static part => Encoding.ASCII.GetString((byte[])part!)));
    }

    private async Task ShouldFailAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var find = await FluentActions.Awaiting(async () => await Store.FindAsync(State.State, CancellationToken.None))
            .Should().ThrowAsync<RedisStoreException>();
        var put = await FluentActions.Awaiting(async () => await Store.PutAsync(State, CancellationToken.None))
            .Should().ThrowAsync<RedisStoreException>();

        // A little for a machine that has other things to do.
        Stopwatch.GetElapsedTime(started).Should().BeLessThan((2 * Timeout) + TimeSpan.FromSeconds(3));
        find.Which.ToString().Should().NotContain(State.State);
        put.Which.ToString().Should().NotContain(State.State);
    }
}
