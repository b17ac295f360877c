using System.Net.Sockets;
using System.Text;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Connections that are held and not used keep nobody out (specification 7.1).</summary>
public sealed class IdleConnectionTests
{
    private static readonly byte[] Get = Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");

    [Test]
    public async Task Connection_ThatSendsNothing_IsClosedWhenARequestsHeadersShouldBeThere()
    {
        var clock = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Http:KeepAliveTimeout"] = "1 day" }, clock);
        using var silent = await ConnectAsync(server.Listener);
        using var used = await ConnectAsync(server.Listener);
        await RequestAsync(used);
        var closed = IsClosedAsync(silent);
        closed.IsCompleted.Should().BeFalse();

        clock.Advance(TimeSpan.FromSeconds(10));

        (await closed.WithinLimit()).Should().BeTrue();
        await RequestAsync(used);
    }

    [Test]
    public async Task Connections_MoreThanThereMayBe_TakeTheLongestIdlesPlace()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Http:MaximumConnections"] = "2" });
        await using var websocket = await TestClient.ConnectAsync(server.Dispatcher);
        using var first = await ConnectAsync(server.Dispatcher);
        using var second = await ConnectAsync(server.Dispatcher);
        await RequestAsync(first);

        // It is refused as long as the others have come this moment.
        await Eventually.HoldsAsync(
            async () => (await RawHttp.TrySendAsync(server.Dispatcher, "GET", "/health/live", []))?.Status == 200, "an answer");

        (await IsClosedAsync(second).WithinLimit()).Should().BeTrue();
        await websocket.RegisterAsync("s");
    }

    private static async Task<TcpClient> ConnectAsync(Uri server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port).WithinLimit();
        return client;
    }

    private static async Task RequestAsync(TcpClient client)
    {
        await client.GetStream().WriteAsync(Get);
        var answer = new byte[4096];
        var length = await client.GetStream().ReadAsync(answer).AsTask().WithinLimit();
        Encoding.ASCII.GetString(answer, 0, length).Should().StartWith("HTTP/1.1 200");
    }

    // In order, and not by a reset.
    private static async Task<bool> IsClosedAsync(TcpClient client) => await client.GetStream().ReadAsync(new byte[1]) == 0;
}
