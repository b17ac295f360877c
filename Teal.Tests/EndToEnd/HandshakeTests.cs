using System.Text;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Who is let in at <c>/websocket</c> (specification 3.2).</summary>
public sealed class HandshakeTests
{
    private const string Right = "YW5vbnltb3VzOmFiYw==";

    private static readonly string[] Upgrade =
        ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"];

    [TestCase("/websocket", "Authorization: Basic " + Right, 101)]
    [TestCase("/websocket", "Authorization: basic " + Right, 101)]
    [TestCase("/websocket?credentials=" + Right, null, 101)]
    [TestCase("/websocket?credentials=YW5vbnltb3VzOmFiYw%3D%3D", null, 101)]
    [TestCase("/websocket?credentials=eA==&credentials=" + Right, null, 101)]
    [TestCase("/websocket?credentials=nope", "Authorization: Basic " + Right, 101)]
    [TestCase("/websocket", null, 401)]
    [TestCase("/websocket", "Authorization: Basic YW5vbnltb3VzOm5vcGU=", 401)]
    [TestCase("/websocket", "Authorization: Basic QW5vbnltb3VzOmFiYw==", 401)]
    [TestCase("/websocket", "Authorization: Basic OmFiYw==", 401)]
    [TestCase("/websocket", "Authorization: Basic YW5vbnltb3Vz", 401)]
    [TestCase("/websocket", "Authorization: Basic YW5vbnltb3VzOmFiYw", 401)]
    [TestCase("/websocket", "Authorization: Basic YW5vbnltb3VzOmFiYw== x", 401)]
    [TestCase("/websocket", "Authorization: Basic %%%", 401)]
    [TestCase("/websocket", "Authorization: Basic ", 401)]
    [TestCase("/websocket", "Authorization: Bearer " + Right, 401)]
    [TestCase("/websocket?credentials=" + Right, "Authorization:", 401)]
    [TestCase("/websocket?credentials=YW5vbnltb3VzOm5vcGU=", null, 401)]
    [TestCase("/websocket?credentials=" + Right + "&credentials=eA==", null, 401)]
    [TestCase("/websocket?credentials=", null, 401)]
    [TestCase("/websocket?credentials=anonymous:abc", null, 401)]
    public async Task Handshake_WithACredential_IsAnsweredWith(string target, string? authorization, int status)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await ShakeAsync(server, target, authorization is null ? Upgrade : [.. Upgrade, authorization]);

        answer.Status.Should().Be(status);
        answer["X-Request-ID"].Should().NotBeNull();
        if (status != 401) return;

        answer["WWW-Authenticate"].Should().Be("Basic realm=\"teal\"");
        answer["Content-Type"].Should().Be("text/plain; charset=utf-8");
    }

    [Test]
    public async Task Handshake_WithoutUpgrade_Gets426()
    {
        await using var server = await TestServer.StartAsync();

        var answer = await ShakeAsync(server, "/websocket", [$"Authorization: Basic {Right}"]);

        answer.Status.Should().Be(426);
        answer["Upgrade"].Should().Be("websocket");
    }

    [Test]
    public async Task Handshake_OfAnotherVersion_Gets426WithTheRightOne()
    {
        await using var server = await TestServer.StartAsync();

        var answer = await ShakeAsync(server, "/websocket", [.. Upgrade[..3], "Sec-WebSocket-Version: 12", $"Authorization: Basic {Right}"]);

        answer.Status.Should().Be(426);
        answer["Sec-WebSocket-Version"].Should().Be("13");
    }

    [TestCase("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")]
    [TestCase("Sec-WebSocket-Protocol: unknown, other")]
    public async Task Handshake_OfferingWhatIsNotSpoken_IsTakenWithoutIt(string header)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await ShakeAsync(server, "/websocket", [.. Upgrade, header, $"Authorization: Basic {Right}"]);

        answer.Status.Should().Be(101);
        answer["Sec-WebSocket-Extensions"].Should().BeNull();
        answer["Sec-WebSocket-Protocol"].Should().BeNull();
    }

    [Test]
    public async Task Handshake_OverTheConnectionLimit_Gets503UntilOneLeaves()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:MaximumConnections"] = "2" });
        var first = await TestClient.ConnectAsync(server.Dispatcher);
        await using var second = await TestClient.ConnectAsync(server.Dispatcher);

        var refused = await ShakeAsync(server, "/websocket", [.. Upgrade, $"Authorization: Basic {Right}"]);
        refused.Status.Should().Be(503);
        refused["Retry-After"].Should().NotBeNull();

        await first.DisposeAsync();
        await Eventually.HoldsAsync(
            async () => (await ShakeAsync(server, "/websocket", [.. Upgrade, $"Authorization: Basic {Right}"])).Status == 101, "a free place");
    }

    // An accepted handshake stays open, so only its head is read.
    private static async Task<RawResponse> ShakeAsync(TestServer server, string target, string[] headers)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(server.Dispatcher.Host, server.Dispatcher.Port).WithinLimit();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: {server.Dispatcher.Authority}\r\n{string.Join("\r\n", headers)}\r\n\r\n"));
        var answer = new byte[8192];
        var length = 0;
        while (answer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var count = await stream.ReadAsync(answer.AsMemory(length)).AsTask().WithinLimit();
            if (count == 0) break;
            length += count;
        }

        return RawResponse.Parse(answer[..length]);
    }
}
