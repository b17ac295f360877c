using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Teal.Tests.Support;
using Teal.Web.Sessions;

namespace Teal.Tests.EndToEnd;

/// <summary>What clients send that they should not (RFC 6455, specification 3.2), each test named after it.</summary>
public sealed class WebSocketHardeningTests
{
    private TestServer _server = null!;

    [SetUp]
    public async Task StartAsync() =>
        _server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:CloseTimeout"] = "2 s" });

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task FragmentedText_WithAPingBetween_IsOneMessage()
    {
        using var socket = await RawWebSocket.ConnectAsync(_server.Dispatcher);
        var message = Probe("é");
        await socket.SendAsync(RawWebSocket.Text, message[..5], isEnd: false);
        await socket.SendAsync(RawWebSocket.Ping, "x"u8.ToArray());
        for (var i = 5; i < message.Length; i++) await socket.SendAsync(RawWebSocket.Continuation, [message[i]], isEnd: false);
        await socket.SendAsync(RawWebSocket.Continuation, []);

        (await socket.ReceiveAsync()).Opcode.Should().Be(RawWebSocket.Pong);
        Encoding.UTF8.GetString((await socket.ReceiveAsync()).Payload).Should().Contain("callback_creation_failure");
    }

    [Test]
    public async Task MessagesByTheHundred_ThatArriveTogether_AreAllDone()
    {
        const int Messages = 500;
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher);
        await client.SettleAsync();
        for (var i = 0; i < Messages; i++) await client.SendProbeAsync($"{i}");

        for (var i = 0; i < Messages; i++) (await client.ReceiveAsync()).Should().Contain($"\"state\":\"{i}\"");
    }

    [Test]
    public async Task CloseBetweenFragments_IsAnsweredWithItsCode()
    {
        using var socket = await RawWebSocket.ConnectAsync(_server.Dispatcher);
        await socket.SendAsync(RawWebSocket.Text, "{\"cre"u8.ToArray(), isEnd: false);
        await socket.SendAsync(RawWebSocket.CloseFrame, [0x0f, 0xa0]);

        (await socket.ReceiveCloseCodeAsync()).Should().Be(4000);
    }

    [Test]
    public async Task CloseWithoutACode_IsAnswered()
    {
        using var socket = await RawWebSocket.ConnectAsync(_server.Dispatcher);
        await socket.SendAsync(RawWebSocket.CloseFrame, []);

        (await socket.ReceiveCloseCodeAsync()).Should().Be(1000);
    }

    [Test]
    public async Task InvalidUtf8_InOneFrame_Gets1007() =>
        await ClosesAsync(1007, socket => socket.SendAsync(RawWebSocket.Text, [0x22, 0xff, 0x22]));

    [Test]
    public async Task InvalidUtf8_AcrossFragments_Gets1007() => await ClosesAsync(1007, async socket =>
    {
        await socket.SendAsync(RawWebSocket.Text, [0xc3], isEnd: false);
        await socket.SendAsync(RawWebSocket.Continuation, [0x28]);
    });

    [Test]
    public async Task TextOverTheLimit_InOneFrame_Gets1009() =>
        await ClosesAsync(1009, socket => socket.SendAsync(RawWebSocket.Text, new byte[65 * 1024].Select(_ => (byte)' ').ToArray()));

    [Test]
    public async Task TextOverTheLimit_AnnouncedAsTerabytes_Gets1009WithoutBufferingIt() => await ClosesAsync(1009, socket =>
        socket.SendAsync(RawWebSocket.Text, Enumerable.Repeat((byte)' ', 70 * 1024).ToArray(), announced: 1L << 40));

    [Test]
    [NonParallelizable]
    public async Task TextOverTheLimit_InPieces_Gets1009WithoutBufferingIt()
    {
        using var socket = await RawWebSocket.ConnectAsync(_server.Dispatcher);
        var piece = Enumerable.Repeat((byte)' ', 16 * 1024).ToArray();
        var before = GC.GetTotalMemory(true);
        var sending = Task.Run(async () =>
        {
            try
            {
                await socket.SendAsync(RawWebSocket.Text, piece, isEnd: false);
                for (var i = 0; i < 4000; i++) await socket.SendAsync(RawWebSocket.Continuation, piece, isEnd: false);
            }
            catch (IOException)
            {
                // The server has waited long enough.
            }
        });

        (await socket.ReceiveCloseCodeAsync()).Should().Be(1009);
        await sending.WithinLimit();
        (GC.GetTotalMemory(true) - before).Should().BeLessThan(16 * 1024 * 1024, "64 MiB were sent");
    }

    [Test]
    public async Task TextOfExactlyTheLimit_IsTaken()
    {
        using var socket = await RawWebSocket.ConnectAsync(_server.Dispatcher);
        var probe = Probe("s");
        await socket.SendAsync(RawWebSocket.Text, [.. Enumerable.Repeat((byte)' ', (64 * 1024) - probe.Length), .. probe]);

        Encoding.UTF8.GetString((await socket.ReceiveAsync()).Payload).Should().Contain("callback_creation_failure");
    }

    [Test]
    public async Task UnmaskedFrame_Gets1002() =>
        await ClosesAsync(1002, socket => socket.SendAsync(RawWebSocket.Text, "{\"create\":null}"u8.ToArray(), isMasked: false));

    [Test]
    public async Task ReservedOpcode_Gets1002() => await ClosesAsync(1002, socket => socket.SendAsync(0x3, "{}"u8.ToArray()));

    [Test]
    public async Task ReservedBit_Gets1002() =>
        await ClosesAsync(1002, socket => socket.SendAsync(0x40 | RawWebSocket.Text, "{}"u8.ToArray()));

    [Test]
    public async Task ContinuationOfNothing_Gets1002() =>
        await ClosesAsync(1002, socket => socket.SendAsync(RawWebSocket.Continuation, "{}"u8.ToArray()));

    [Test]
    public async Task NewMessageWithinAMessage_Gets1002() => await ClosesAsync(1002, async socket =>
    {
        await socket.SendAsync(RawWebSocket.Text, "{"u8.ToArray(), isEnd: false);
        await socket.SendAsync(RawWebSocket.Text, "}"u8.ToArray());
    });

    [Test]
    public async Task FragmentedPing_Gets1002() => await ClosesAsync(1002, socket => socket.SendAsync(RawWebSocket.Ping, [], isEnd: false));

    [Test]
    public async Task OversizedPing_Gets1002() => await ClosesAsync(1002, socket => socket.SendAsync(RawWebSocket.Ping, new byte[126]));

    [Test]
    public async Task CloseWithAForbiddenCode_Gets1002() =>
        await ClosesAsync(1002, socket => socket.SendAsync(RawWebSocket.CloseFrame, [0x03, 0xed]));

    [Test]
    public async Task EmptyAndBinaryMessages_AreIgnoredAndTheConnectionLives()
    {
        using var socket = await RawWebSocket.ConnectAsync(_server.Dispatcher);
        await socket.SendAsync(RawWebSocket.Text, []);
        await socket.SendAsync(RawWebSocket.Binary, []);
        await socket.SendAsync(RawWebSocket.Binary, Probe("ignored"));
        await socket.SendAsync(RawWebSocket.Binary, [0xff], isEnd: false);
        await socket.SendAsync(RawWebSocket.Continuation, new byte[50_000]);
        await socket.SendAsync(RawWebSocket.Text, Probe("seen"));

        Encoding.UTF8.GetString((await socket.ReceiveAsync()).Payload).Should().Contain("\"seen\"");
    }

    [Test]
    [NonParallelizable]
    public async Task MalformedMessages_ByTheThousand_LeaveTheConnectionOpenAndMemoryConstant()
    {
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher);
        var random = new Random(17);
        await SendMalformedAsync(client, random, 2_000);
        var before = GC.GetTotalMemory(true);

        await SendMalformedAsync(client, random, 20_000);

        (GC.GetTotalMemory(true) - before).Should().BeLessThan(8 * 1024 * 1024);
        client.Socket.State.Should().Be(WebSocketState.Open);
        await client.BindAsync("still works");
    }

    [Test]
    public async Task RandomFrames_ByTheThousand_HarmNobodyElse()
    {
        await using var bystander = await TestClient.ConnectAsync(_server.Dispatcher);
        await bystander.BindAsync("s");
        var random = new Random(23);
        for (var i = 0; i < 300; i++)
        {
            using var socket = await RawWebSocket.ConnectAsync(_server.Dispatcher);
            try
            {
                for (var frame = 0; frame < 10; frame++)
                {
                    var payload = new byte[random.Next(200)];
                    random.NextBytes(payload);
                    await socket.SendAsync(
                        random.Next(16), payload, random.Next(4) > 0, random.Next(8) > 0, random.Next(10) == 0 ? random.NextInt64() : null);
                }
            }
            catch (IOException)
            {
                // The server has ended it, as it may.
            }
        }

        await Eventually.HoldsAsync(() => _server.Services.GetRequiredService<ChannelTable>().Count == 1, "only the bystander");
        await _server.GetAsync("/callback?state=s");
        (await bystander.ReceiveAsync()).Should().Contain("\"state\":\"s\"");
        _server.Log.Lines.Should().NotContain(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Test]
    public async Task RegistrationsOverTheLimit_AreIgnoredAndEarlierOnesWork()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:MaximumRegistrations"] = "2" });
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.BindAsync("1");
        await client.BindAsync("2");
        await client.BindAsync("2");
        await server.BindAsync("3");
        await client.RegisterAsync("3");

        await server.GetAsync("/callback?state=3");
        await server.GetAsync("/callback?state=2");

        (await client.ReceiveAsync()).Should().Contain("\"state\":\"2\"");
        await client.ReceivesNothingAsync();
    }

    [Test]
    public async Task ClientThatNeverAnswersPings_IsGivenUp()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Dispatcher:PingInterval"] = "1 s",
            ["Dispatcher:PongTimeout"] = "1 s",
        });
        using var socket = await RawWebSocket.ConnectAsync(server.Dispatcher);

        (await socket.ReceiveAsync()).Opcode.Should().Be(RawWebSocket.Ping);
        await Eventually.HoldsAsync(() => server.Services.GetRequiredService<ChannelTable>().Count == 0, "no connection");
    }

    [Test]
    public async Task RegistrationsWhileTheBusIsAway_HoldUpNeitherPongsNorLaterMessages()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Bus"] = "RabbitMq",
            ["RabbitMq:Uri"] = "amqp://127.0.0.1:1/",
            ["Dispatcher:BindTimeout"] = "100 ms",
            ["Dispatcher:PingInterval"] = "1 s",
            ["Dispatcher:PongTimeout"] = "1 s",
        });
        using var socket = await RawWebSocket.ConnectAsync(server.Dispatcher);
        for (var i = 0; i < 3; i++) await socket.SendTextAsync($"{{\"register_to\":{{\"type\":\"callback\",\"state\":\"{i}\"}}}}");
        for (var i = 0; i < 3; i++)
        {
            var (opcode, payload) = await socket.ReceiveAsync();
            opcode.Should().Be(RawWebSocket.Ping);
            await socket.SendAsync(RawWebSocket.Pong, payload);
        }

        await socket.SendAsync(RawWebSocket.Text, Probe("later"));
        var answer = await socket.ReceiveAsync();
        while (answer.Opcode == RawWebSocket.Ping) answer = await socket.ReceiveAsync();
        Encoding.UTF8.GetString(answer.Payload).Should().Contain("\"later\"");
    }

    [Test]
    public async Task ClientThatAnswersPings_StaysConnected()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Dispatcher:PingInterval"] = "1 s",
            ["Dispatcher:PongTimeout"] = "1 s",
        });
        using var socket = await RawWebSocket.ConnectAsync(server.Dispatcher);
        for (var i = 0; i < 3; i++)
        {
            var (opcode, payload) = await socket.ReceiveAsync();
            opcode.Should().Be(RawWebSocket.Ping);
            await socket.SendAsync(RawWebSocket.Pong, payload);
        }

        server.Services.GetRequiredService<ChannelTable>().Count.Should().Be(1);
    }

    private static byte[] Probe(string state) =>
        Encoding.UTF8.GetBytes($"{{\"create\":{{\"type\":\"callback\",\"state\":\"{state}\",\"expires_at\":\"2001-01-01T00:00:00\"}}}}");

    private async Task ClosesAsync(int code, Func<RawWebSocket, Task> misbehave)
    {
        using var socket = await RawWebSocket.ConnectAsync(_server.Dispatcher);
        await misbehave(socket);
        (await socket.ReceiveCloseCodeAsync()).Should().Be(code);
    }

    private static async Task SendMalformedAsync(TestClient client, Random random, int count)
    {
        string[] shapes =
        [
            "{", "[]", "nul", "{\"create\":{}}", "{\"register_to\":{\"type\":\"callback\",\"state\":\"\"}}",
            "{\"register_to\":{\"type\":\"x\"}}",
            "{\"register_to\":{\"type\":\"callback\",\"state\":\"\\ud800\"}}",
            "{\"create\":{\"type\":\"callback\",\"state\":\"s\",\"expires_at\":1e999}}",
            new string('[', 2000), "{\"create\":null,\"register_to\":7}",
        ];
        for (var i = 0; i < count; i++)
        {
            if (random.Next(3) > 0)
            {
                await client.SendAsync(shapes[random.Next(shapes.Length)]);
                continue;
            }

            var noise = new char[random.Next(1, 300)];
            for (var j = 0; j < noise.Length; j++) noise[j] = "{}[]\":,\\u0etruefalsn é\0"[random.Next(22)];
            await client.SendAsync(new string(noise));
        }

        await client.SettleAsync();
    }
}
