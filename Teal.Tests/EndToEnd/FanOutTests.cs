using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Teal.Dispatcher.Registrations;
using Teal.Tests.Support;
using Teal.Web.Sessions;

namespace Teal.Tests.EndToEnd;

/// <summary>One event to many connections, of which some are slow, dead or leaving (specification 7, promise 4).</summary>
public sealed class FanOutTests
{
    [Test]
    public async Task ClientThatStopsReading_IsClosedWith1013InTimeAndAThousandOthersDoNotNotice()
    {
        const int Others = 1000, Events = 60;
        await using var server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Dispatcher:PongTimeout"] = "1 s",
            ["Dispatcher:CloseTimeout"] = "60 s",
        });
        using var stalled = await RawWebSocket.ConnectAsync(server.Dispatcher, receiveBuffer: 4096);
        await stalled.SendTextAsync("{\"register_to\":{\"type\":\"callback\",\"state\":\"stalled\"}}");
        await stalled.SendTextAsync("{\"register_to\":{\"type\":\"callback\",\"state\":\"all\"}}");
        await stalled.SendTextAsync("{\"create\":{\"type\":\"callback\",\"state\":\"s\",\"expires_at\":0}}");
        (await stalled.ReceiveAsync()).Opcode.Should().Be(RawWebSocket.Text);

        var clients = await Task.WhenAll(Enumerable.Range(0, Others).Select(_ => TestClient.ConnectAsync(server.Dispatcher)));
        await Task.WhenAll(clients.Select(client => client.RegisterAsync("all")));
        await server.BindAsync("all");
        await server.BindAsync("stalled");

        // Fill the pipes to the one that does not read, until it is found to take nothing.
        var filling = new string('x', 50_000);
        var sent = 0;
        while (!IsClosing(server))
        {
            await server.GetAsync($"/callback?state=stalled&x={filling}");
            (++sent).Should().BeLessThan(10_000, "it must be found some time");
        }

        // All the others get everything, at once and in order.
        var reading = clients.Select(client => ReadAsync(client, Events)).ToArray();
        for (var i = 0; i < Events; i++) (await server.GetAsync($"/callback?state=all&n={i}")).Status.Should().Be(204);
        await Task.WhenAll(reading).WithinLimit();

        (await stalled.ReceiveCloseCodeAsync()).Should().Be(1013);
        stalled.Dispose();
        await Eventually.HoldsAsync(() => server.Services.GetRequiredService<ChannelTable>().Count == Others, "the slow one is gone");
        foreach (var client in clients) await client.DisposeAsync();
    }

    [Test]
    public async Task ClientThatNeverReadsAgain_IsGoneAfterThePongTimeoutAndTheCloseTimeout()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Dispatcher:PongTimeout"] = "1 s",
            ["Dispatcher:CloseTimeout"] = "500 ms",
        });
        using var stalled = await RawWebSocket.ConnectAsync(server.Dispatcher, receiveBuffer: 4096);
        await stalled.SendTextAsync("{\"register_to\":{\"type\":\"callback\",\"state\":\"s\"}}");
        await server.BindAsync("s");
        await Eventually.HoldsAsync(() => server.Services.GetRequiredService<RegistrationTable>().TopicCount == 1, "a registration");

        var limit = Stopwatch.StartNew();
        while (server.Services.GetRequiredService<ChannelTable>().Count > 0)
        {
            await server.GetAsync($"/callback?state=s&x={new string('x', 50_000)}");
            limit.Elapsed.Should().BeLessThan(Eventually.Limit);
        }
    }

    [Test]
    public async Task ClientThatClosesAndReadsNothingAnyMore_IsGoneAfterTheCloseTimeout()
    {
        await using var server = await TestServer.StartAsync(
            new Dictionary<string, string> { ["Dispatcher:SendQueueLength"] = "1000", ["Dispatcher:CloseTimeout"] = "500 ms" });
        using var stalled = await RawWebSocket.ConnectAsync(server.Dispatcher, receiveBuffer: 4096);
        await stalled.SendTextAsync("{\"register_to\":{\"type\":\"callback\",\"state\":\"s\"}}");
        await server.BindAsync("s");
        await Eventually.HoldsAsync(() => server.Services.GetRequiredService<RegistrationTable>().TopicCount == 1, "a registration");

        // More than the network holds between the two.
        for (var i = 0; i < 300; i++) await server.GetAsync($"/callback?state=s&x={new string('x', 50_000)}");
        await stalled.SendAsync(RawWebSocket.CloseFrame, [0x03, 0xe8]);

        await Eventually.HoldsAsync(() => server.Services.GetRequiredService<ChannelTable>().Count == 0, "no connection");
    }

    [Test]
    public async Task ClientsThatComeAndGo_LeaveNothingBehind()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:UnbindDelay"] = "0 s" });
        for (var round = 0; round < 20; round++)
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => TestClient.ConnectAsync(server.Dispatcher)));
            await Task.WhenAll(clients.Select((client, i) => client.RegisterAsync($"{round % 3}/{i % 4}")));
            foreach (var client in clients)
            {
                if (round % 2 == 0) client.Socket.Abort();
                await client.DisposeAsync();
            }
        }

        await Eventually.HoldsAsync(() => server.Services.GetRequiredService<ChannelTable>().Count == 0, "no connection");
        await Eventually.HoldsAsync(() => server.Services.GetRequiredService<RegistrationTable>().TopicCount == 0, "no topic");
    }

    [Test]
    public async Task ClientThatReconnectsWithinTheDelay_GetsItsEvents()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:UnbindDelay"] = "1 s" });
        await server.BindAsync("s");
        for (var round = 0; round < 5; round++)
        {
            await using var client = await TestClient.ConnectAsync(server.Dispatcher);
            await client.RegisterAsync("s");
            await server.GetAsync($"/callback?state=s&n={round}");
            (await client.ReceiveAsync()).Should().Contain($"n={round}");
        }
    }

    private static bool IsClosing(TestServer server) => server.Log.Lines.Any(line => line.Id.Id == 8013);

    private static async Task ReadAsync(TestClient client, int count)
    {
        for (var i = 0; i < count; i++) (await client.ReceiveAsync()).Should().Contain($"&n={i}\"");
    }
}
