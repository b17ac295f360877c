using System.Net.Sockets;
using System.Text;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Clients that send without pause.</summary>
[NonParallelizable]
public sealed class FloodTests
{
    private const string Get = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private const string Refused =
        "POST /openid-ciba-callback HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n{x}";

    [TestCase(Get)]
    [TestCase(Refused)]
    public async Task Requests_WhileConnectionsSendOthersWithoutPause_AreAnswered(string request)
    {
        using var folder = new TemporaryFolder();
        await using var process = await TealProcess.ServeAsync(folder.Path, "--Store", "Memory");
        await WhileFloodedAsync(process.Listener, "", request, async () =>
        {
            for (var i = 0; i < 50; i++)
                (await RawHttp.SendAsync(process.Listener, "GET", "/health/live", []).WithinLimit()).Status.Should().Be(200);
        });
    }

    [Test]
    public async Task Clients_WhileOthersPingWithoutPause_AreServed()
    {
        using var folder = new TemporaryFolder();
        await using var process = await TealProcess.ServeAsync(folder.Path, "--Store", "Memory");
        var authorization = Convert.ToBase64String(Encoding.ASCII.GetBytes($"anonymous:{TestServer.Password}"));
        var handshake =
            "GET /websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Basic {authorization}\r\n\r\n";
        await WhileFloodedAsync(process.Dispatcher, handshake, "\u0089\u0080\0\0\0\0", async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await using var client = await TestClient.ConnectAsync(process.Dispatcher);
                await client.BindAsync($"{i}");
            }
        });
    }

    [Test]
    public async Task Sockets_GoOnWhereTheyAreWatched_OnAThreadForEachProcessor()
    {
        using var folder = new TemporaryFolder();
        await using var process = await TealProcess.ServeAsync(folder.Path);
        for (var i = 0; i < 2 * Environment.ProcessorCount; i++) await RawHttp.SendAsync(process.Listener, "GET", "/health/live", []);

        CountSocketThreads(process).Should().Be(Environment.ProcessorCount);
    }

    [Test]
    public async Task Sockets_OfAProcessWithRedisAndRabbitMq_HaveThePool()
    {
        using var folder = new TemporaryFolder();
        await using var process = await TealProcess.ServeAsync(
            folder.Path, "--Deployment", "Distributed", "--Redis:Configuration", "127.0.0.1:1", "--RabbitMq:Uri", "amqp://127.0.0.1:1/");
        for (var i = 0; i < 2 * Environment.ProcessorCount; i++) await RawHttp.SendAsync(process.Listener, "GET", "/health/live", []);

        CountSocketThreads(process).Should().BeLessThanOrEqualTo(Math.Max(1, Environment.ProcessorCount / 2), "their drivers may block");
    }

    private static int CountSocketThreads(TealProcess process) =>
        Directory.GetDirectories($"/proc/{process.Id}/task").Count(static thread => File.ReadAllText($"{thread}/comm") == ".NET Sockets\n");

    // On twice as many connections as there are processors, so that each thread that watches sockets has some.
    private static async Task WhileFloodedAsync(Uri server, string opening, string flood, Func<Task> act)
    {
        using var stop = new CancellationTokenSource();
        var floods = Enumerable.Range(0, 2 * Environment.ProcessorCount)
            .Select(_ => FloodAsync(server, opening, flood, stop.Token)).ToArray();
        try
        {
            await act();
        }
        finally
        {
            await stop.CancelAsync();
        }

        (await Task.WhenAll(floods).WithinLimit()).Should().AllSatisfy(answers => answers.Should().BeGreaterThan(opening.Length));
    }

    // Returns how many bytes of answers came.
    private static async Task<long> FloodAsync(Uri server, string opening, string flood, CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port).WithinLimit();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(opening), stop);
        var many = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(flood, 1000)));
        var answers = 0L;
        await Task.WhenAll(
            UntilStoppedAsync(async () => await stream.WriteAsync(many, stop)),
            UntilStoppedAsync(async () => answers += await stream.ReadAsync(new byte[64 * 1024], stop)));
        return answers;

        async Task UntilStoppedAsync(Func<Task> step)
        {
            try
            {
                while (true) await step();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // It is over.
            }
        }
    }
}
