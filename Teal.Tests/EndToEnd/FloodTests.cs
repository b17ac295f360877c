using System.Net.Sockets;
using System.Text;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Clients that send without pause.</summary>
public sealed class FloodTests
{
    [Test]
    public async Task Requests_WhileConnectionsSendWithoutPause_AreAnswered()
    {
        using var folder = new TemporaryFolder();
        await using var process = await TealProcess.ServeAsync(folder.Path, "--Store", "Memory");
        using var stop = new CancellationTokenSource();
        var floods = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => FloodAsync(process.Listener, stop.Token)).ToArray();
        try
        {
            for (var i = 0; i < 50; i++) (await RawHttp.SendAsync(process.Listener, "GET", "/health/live", []).WithinLimit()).Status.Should().Be(200);
        }
        finally
        {
            await stop.CancelAsync();
        }

        (await Task.WhenAll(floods).WithinLimit()).Should().AllSatisfy(static answered => answered.Should().BePositive());
    }

    [Test]
    public async Task Sockets_GoOnWhereTheyAreWatched_OnAThreadForEachProcessor()
    {
        using var folder = new TemporaryFolder();
        await using var process = await TealProcess.ServeAsync(folder.Path);
        for (var i = 0; i < 2 * Environment.ProcessorCount; i++) await RawHttp.SendAsync(process.Listener, "GET", "/health/live", []);

        Directory.GetDirectories($"/proc/{process.Id}/task").Count(static thread => File.ReadAllText($"{thread}/comm") == ".NET Sockets\n").Should().Be(Environment.ProcessorCount);
    }

    // Returns how many bytes of answers came.
    private static async Task<long> FloodAsync(Uri server, CancellationToken stop)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port).WithinLimit();
        var stream = client.GetStream();
        var requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"GET /health/live HTTP/1.1\r\nHost: {server.Authority}\r\n\r\n", 1000)));
        var answered = 0L;
        await Task.WhenAll(
            UntilStoppedAsync(async () => await stream.WriteAsync(requests, stop)),
            UntilStoppedAsync(async () => answered += await stream.ReadAsync(new byte[64 * 1024], stop)));
        return answered;

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
