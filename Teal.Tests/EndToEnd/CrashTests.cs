using System.Globalization;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// Accepted means kept (specification 7, promise 1): the built binary under load is killed again and again, and afterwards every answered
/// event is accounted for. <c>TEAL_CRASH_KILLS=100</c> runs the long form.
/// </summary>
[NonParallelizable]
public sealed class CrashTests
{
    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("TEAL_CRASH_KILLS") ?? "6", CultureInfo.InvariantCulture);

    private readonly List<TealProcess> _started = [];
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TemporaryFolder();

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var process in _started) await process.DisposeAsync();
        _started.Clear();
        _folder.Dispose();
    }

    [Test]
    public async Task Standalone_KilledAtRandomMomentsUnderLoad_DeliversEachAnsweredEventOnceAndInOrder()
    {
        var ports = new[] { LoopbackPort.Find(), LoopbackPort.Find() };
        string[] settings = [.. Addresses(ports[0], ports[1])];
        var server = await ServeAsync(settings);
        await using var load = await CrashLoad.StartAsync([server.Listener], [server.Dispatcher]);
        for (var i = 0; i < Kills; i++)
        {
            await RunForAWhileAsync(load);
            await server.KillAsync();
            server = await ServeAsync(settings);
            if (i % 10 == 9) TestContext.Progress.WriteLine($"{i + 1} of {Kills} kills, {load.Answered} events answered");
        }

        TestContext.Out.WriteLine($"{Kills} kills. {await load.SettleAsync()}");
    }

    [Test]
    [Category("RabbitMq")]
    [Category("Redis")]
    public async Task Distributed_EachPartKilledInTurnUnderLoad_DeliversEachAnsweredEventOnceAndInOrder()
    {
        await using var redis = RedisServer.Reserve(isDurable: true);
        await redis.StartAsync();
        await using var broker = await RabbitMqServer.StartNewAsync();
        var ports = Enumerable.Range(0, 4).Select(static _ => LoopbackPort.Find()).ToArray();
        string[] common = ["--Deployment", "Distributed", "--Redis:Configuration", redis.EndPoint, "--RabbitMq:Uri", broker.Uri.ToString()];
        string[][] settings =
        [
            [.. common, "--Modules", "Listener", "--Listener:Url", Url(ports[0])],
            [.. common, "--Modules", "Listener", "--Listener:Url", Url(ports[1])],
            [.. common, "--Modules", "Dispatcher", "--Dispatcher:Url", Url(ports[2])],
            [.. common, "--Modules", "Dispatcher", "--Dispatcher:Url", Url(ports[3])],
        ];
        var processes = await Task.WhenAll(settings.Select(ServeAsync));
        await using var load = await CrashLoad.StartAsync(
            [new Uri(Url(ports[0])), new Uri(Url(ports[1]))], [new Uri(Url(ports[2])), new Uri(Url(ports[3]))]);
        for (var i = 0; i < Kills; i++)
        {
            await RunForAWhileAsync(load);
            var victim = i % (processes.Length + 2);
            if (victim == processes.Length)
            {
                await redis.KillAsync();
                await redis.StartAsync();
            }
            else if (victim == processes.Length + 1)
            {
                await broker.KillAsync();
                await broker.StartAsync();
            }
            else
            {
                await processes[victim].KillAsync();
                processes[victim] = await ServeAsync(settings[victim]);
            }

            if (i % 10 == 9) TestContext.Progress.WriteLine($"{i + 1} of {Kills} kills, {load.Answered} events answered");
        }

        TestContext.Out.WriteLine($"{Kills} kills. {await load.SettleAsync()}");
    }

    private async Task<TealProcess> ServeAsync(string[] settings)
    {
        var process = await TealProcess.ServeAsync(_folder.Path, settings);
        lock (_started) _started.Add(process);
        return process;
    }

    // Until some more events are answered, and then until a moment that nobody knows.
    private static async Task RunForAWhileAsync(CrashLoad load)
    {
        var enough = load.Answered + 50;
        await Eventually.HoldsAsync(() => load.Answered >= enough, "answered events");
        await Task.Delay(Random.Shared.Next(0, 150));
    }

    private static string[] Addresses(
        int listener, int dispatcher) => ["--Listener:Url", Url(listener), "--Dispatcher:Url", Url(dispatcher)];

    private static string Url(int port) => $"http://127.0.0.1:{port}";
}
