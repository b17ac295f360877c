using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Teal.Tests.Support;
using Teal.Web.Sessions;

namespace Teal.Tests.EndToEnd;

/// <summary>A websocket outlives the request that opened it.</summary>
public sealed class ConnectionHandoverTests
{
    [Test]
    public async Task Handshake_IsOver_LeavesNothingOfItsRequestBehind()
    {
        var requests = new RequestRecorder();
        await using var server = await TestServer.StartAsync(configure: services => services.AddSingleton<IStartupFilter>(requests));
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.RegisterAsync("s");

        // The web server keeps the last request of each connection that it still has.
        await Eventually.HoldsAsync(
            () =>
            {
                GC.Collect();
                return requests.Seen.Count > 0 && requests.Seen.TrueForAll(static request => !request.TryGetTarget(out _));
            },
            "no request in memory");

        await server.BindAsync("s");
        await server.GetAsync("/callback?state=s");
        (await client.ReceiveAsync()).Should().Contain("\"state\":\"s\"");
    }

    [Test]
    public async Task FrameRightBehindTheHandshake_IsReadAndAnsweredAfterTheHandshakesAnswer()
    {
        await using var server = await TestServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(server.Dispatcher.Host, server.Dispatcher.Port).WithinLimit();
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"anonymous:{TestServer.Password}"));
        var handshake = Encoding.ASCII.GetBytes(
            $"GET /websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Basic {credentials}\r\n\r\n");

        // A masked ping with the payload «abc» and a mask of zeros.
        await client.GetStream().WriteAsync((byte[])[.. handshake, 0x89, 0x83, 0, 0, 0, 0, .. "abc"u8]).AsTask().WithinLimit();

        var answer = new byte[1024];
        var size = 0;
        while (!Encoding.Latin1.GetString(answer, 0, size).EndsWith("abc", StringComparison.Ordinal))
            size += await client.GetStream().ReadAsync(answer.AsMemory(size)).AsTask().WithinLimit() is > 0 and var count ? count
                : throw new EndOfStreamException();
        var text = Encoding.Latin1.GetString(answer, 0, size);
        text.Should().StartWith("HTTP/1.1 101").And.EndWith("\r\n\r\n\u008a\u0003abc");
    }

    [Test]
    public async Task RequestsThatAreNoHandshake_ShareAConnectionAsEver()
    {
        await using var server = await TestServer.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 });
        for (var i = 0; i < 3; i++)
            (await client.GetStringAsync(new Uri(server.Dispatcher, "/.well-known/teapots-teal-metadata")).WithinLimit())
                .Should().Contain("websocket_url");
    }

    [Test]
    public async Task PingsWithoutEnd_FromAClientThatReadsNothing_AreNotReadAnyMore()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:SendQueueLength"] = "16" });
        using var hostile = await RawWebSocket.ConnectAsync(server.Dispatcher, receiveBuffer: 4096);

        // The answers fill its buffers and then its queue; from then on it is not read, and its own sending stalls.
        var pings = Encoding.ASCII.GetBytes(new string('x', 125));
        var sending = SendUntilStalledAsync(hostile, pings);

        await using var other = await TestClient.ConnectAsync(server.Dispatcher);
        await other.RegisterAsync("s");
        await server.BindAsync("s");
        await server.GetAsync("/callback?state=s");
        (await other.ReceiveAsync()).Should().Contain("\"state\":\"s\"");

        (await sending).Should().BeLessThan(500_000, "its pongs must not gather in memory");
        hostile.Dispose();
        await Eventually.HoldsAsync(() => server.Services.GetRequiredService<ChannelTable>().Count == 1, "the hostile one is gone");
    }

    private static async Task<int> SendUntilStalledAsync(RawWebSocket socket, byte[] payload)
    {
        for (var i = 0; i < 500_000; i++)
        {
            var sending = socket.SendAsync(RawWebSocket.Ping, payload);
            try
            {
                await sending.WaitAsync(TimeSpan.FromSeconds(2));
            }
            catch (TimeoutException)
            {
                return i;
            }
        }

        return int.MaxValue;
    }

    /// <summary>Remembers the web server's own object for each request, without keeping it.</summary>
    private sealed class RequestRecorder : IStartupFilter
    {
        public List<WeakReference<object>> Seen { get; } = [];

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(following => context =>
            {
                Remember(context.Features.GetRequiredFeature<IHttpRequestFeature>());
                return following(context);
            });
            next(app);
        };

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Remember(object request) => Seen.Add(new WeakReference<object>(request));
    }
}
