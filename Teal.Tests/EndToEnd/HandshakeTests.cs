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
        answer["Connection"].Should().Be("close");
        answer["Content-Type"].Should().Be("text/plain; charset=utf-8");
        answer["X-Content-Type-Options"].Should().Be("nosniff");
    }

    [Test]
    public async Task Handshake_WithoutUpgrade_Gets426()
    {
        await using var server = await TestServer.StartAsync();

        var answer = await ShakeAsync(server, "/websocket", [$"Authorization: Basic {Right}"]);

        answer.Status.Should().Be(426);
        answer["Upgrade"].Should().Be("websocket");
    }

    [TestCase("Sec-WebSocket-Version: 12")]
    [TestCase("Sec-WebSocket-Version: 8, 13")]
    [TestCase("Sec-WebSocket-Version: 8", "Sec-WebSocket-Version: 13")]
    [TestCase("X: no version")]
    public async Task Handshake_OfAnotherVersion_Gets426WithTheRightOne(params string[] version)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await ShakeAsync(server, "/websocket", [.. Upgrade[..3], .. version, $"Authorization: Basic {Right}"]);

        answer.Status.Should().Be(426);
        answer["Sec-WebSocket-Version"].Should().Be("13");
    }

    [Test]
    public async Task Handshake_ByHttp10_Gets426()
    {
        await using var server = await TestServer.StartAsync();

        var answer = await ShakeAsync(server, "/websocket", [.. Upgrade, $"Authorization: Basic {Right}"], "HTTP/1.0");

        answer.Status.Should().Be(426);
        answer.Body.Should().Contain("HTTP/1.1");
    }

    [TestCase("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ")]
    [TestCase("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j")]
    [TestCase("Sec-WebSocket-Key: ")]
    [TestCase(
        "Sec-WebSocket-Key: dGhlIHNhb                                                                                      "
            + "XBsZSBub25jZQ==")]
    [TestCase("Sec-WebSocket-Key: dGhl IHNhbXBsZSBub25jZQ==")]
    [TestCase("X: no key")]
    public async Task Handshake_WithoutAKeyOf16Bytes_Gets400(string key)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await ShakeAsync(server, "/websocket", [.. Upgrade[..2], key, Upgrade[3], $"Authorization: Basic {Right}"]);

        answer.Status.Should().Be(400);
        answer.Body.Should().Contain("Sec-WebSocket-Key");
    }

    [TestCase("https://evil.example", 403)]
    [TestCase("null", 403)]
    [TestCase("https://app.example.org", 101)]
    [TestCase("http://AUTHORITY", 101)]
    public async Task Handshake_OfAPage_NeedsItsOwnHostOrAListedOrigin(string origin, int status)
    {
        await using var server = await TestServer.StartAsync(
            new Dictionary<string, string> { ["Dispatcher:AllowedOrigins"] = "https://app.example.org" });
        var own = origin.Replace("AUTHORITY", server.Dispatcher.Authority, StringComparison.Ordinal);

        var answer = await ShakeAsync(server, "/websocket", [.. Upgrade, $"Origin: {own}", $"Authorization: Basic {Right}"]);

        answer.Status.Should().Be(status);
        if (status == 403) answer.Body.Should().Contain("Teal:Dispatcher:AllowedOrigins");
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
            async () =>
                (await ShakeAsync(server, "/websocket", [.. Upgrade, $"Authorization: Basic {Right}"])).Status == 101, "a free place");
    }

    private static Task<RawResponse> ShakeAsync(TestServer server, string target, string[] headers, string version = "HTTP/1.1") =>
        RawHttp.ReadHeadAsync(
            server.Dispatcher, Encoding.ASCII.GetBytes(
                $"GET {target} {version}\r\nHost: {server.Dispatcher.Authority}\r\n{string.Join("\r\n", headers)}\r\n\r\n"));
}
