using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Which address an event's URL and the metadata show (specification 2.1, 3.1).</summary>
public sealed class PublicAddressTests
{
    private static readonly string[] Forwarded =
    [
        "X-Forwarded-Proto: https", "X-Forwarded-Host: fwd.example.org", "X-Forwarded-Prefix: /pre",
    ];

    [Test]
    public async Task EventUrl_WithoutConfiguration_IsTheRequestsOwn()
    {
        await using var server = await TestServer.StartAsync();

        (await EventUrlAsync(server, "/callback?state=s", "Host: Teal.Example.org:8443"))
            .Should().Be("http://Teal.Example.org:8443/callback?state=s");
    }

    [Test]
    public async Task EventUrl_ForwardedByAStranger_IsTheRequestsOwn()
    {
        await using var server = await TestServer.StartAsync();

        (await EventUrlAsync(server, "/callback?state=s", Forwarded)).Should().Be($"{server.Listener}callback?state=s");
    }

    [Test]
    public async Task EventUrl_ForwardedByATrustedProxy_IsTheForwardedOne()
    {
        await using var server = await TestServer.StartAsync(
            new Dictionary<string, string> { ["TrustedProxies"] = "10.0.0.0/8,127.0.0.1" });

        (await EventUrlAsync(server, "/callback?state=s&x=%20", Forwarded))
            .Should().Be("https://fwd.example.org/pre/callback?state=s&x=%20");
    }

    [Test]
    public async Task EventUrl_ForwardedByAnotherThanTheTrustedProxy_IsTheRequestsOwn()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["TrustedProxies"] = "10.0.0.0/8" });

        (await EventUrlAsync(server, "/callback?state=s", [.. Forwarded, "X-Forwarded-For: 10.0.0.1"]))
            .Should().Be($"{server.Listener}callback?state=s");
    }

    [TestCase("/teal/", "/teal")]
    [TestCase("/", "")]
    [TestCase("/a/b//", "/a/b")]
    [TestCase("//other.example.org", "/other.example.org")]
    public async Task EventUrl_WithAForwardedPrefix_HasOneSlashBeforeThePath(string forwarded, string prefix)
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["TrustedProxies"] = "127.0.0.1" });

        (await EventUrlAsync(server, "/callback?state=s", "Host: fwd.example.org", $"X-Forwarded-Prefix: {forwarded}"))
            .Should().Be($"http://fwd.example.org{prefix}/callback?state=s");
    }

    [TestCase("javascript", "http")]
    [TestCase("wss", "http")]
    [TestCase("HTTPS", "https")]
    [TestCase("javascript, https", "https")]
    public async Task EventUrl_WithAForwardedScheme_IsHttpOrHttps(string forwarded, string scheme)
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["TrustedProxies"] = "127.0.0.1" });

        (await EventUrlAsync(server, "/callback?state=s", $"X-Forwarded-Proto: {forwarded}"))
            .Should().Be($"{scheme}://{server.Listener.Authority}/callback?state=s");
    }

    [Test]
    public async Task EventUrl_WithAForwardedHostInCapitals_HasItAsBrowsersDo()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["TrustedProxies"] = "127.0.0.1" });

        (await EventUrlAsync(server, "/callback?state=s&x=A", "X-Forwarded-Host: FWD.Example.ORG:8443", "X-Forwarded-Proto: HTTPS"))
            .Should().Be("https://fwd.example.org:8443/callback?state=s&x=A");
    }

    [TestCase("X-Forwarded-For: 192.0.2.1", "", 1)]
    [TestCase("X-Forwarded-Proto: https", "10.0.0.0/8", 1)]
    [TestCase("X-Forwarded-Proto: https", "127.0.0.1", 0)]
    [TestCase("X-Request-ID: 1", "", 0)]
    public async Task Request_ThroughAProxyThatIsNotTrusted_IsAWarningOnce(string header, string trusted, int warnings)
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["TrustedProxies"] = trusted });

        for (var i = 0; i < 3; i++) await server.GetAsync("/callback?state=s", header);

        server.Log.Lines.Count(static line => line.Text.Contains("Teal:TrustedProxies")).Should().Be(warnings);
    }

    [TestCase("/callback?state=s&x=%20", "https://example.org/teal/callback?state=s&x=%20")]
    [TestCase("/teal/callback?state=s", "https://example.org/teal/callback?state=s")]
    [TestCase("/teal/callback&state=s", "https://example.org/teal/callback?state=s")]
    [TestCase("/callback&state=s", "https://example.org/teal/callback?state=s")]
    public async Task EventUrl_WithAPublicUrl_HasItsSchemeHostPortAndPrefix(string target, string url)
    {
        await using var server = await TestServer.StartAsync(
            new Dictionary<string, string> { ["Listener:PublicUrl"] = "https://example.org/teal/" });

        (await EventUrlAsync(server, target, "Host: evil.example")).Should().Be(url);
    }

    [Test]
    public async Task EventUrl_OfHttp10WithoutHost_HasTheListenersAddress()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.BindAsync("s");

        (await RawHttp.SendAsync(server.Listener, "GET /callback?state=s HTTP/1.0\r\n\r\n"u8.ToArray())).Status.Should().Be(204);

        Member(await client.ReceiveAsync(), "url").Should().Be($"{server.Listener}callback?state=s");
    }

    [TestCase("http://[::1]:0", "[::1]")]
    [TestCase("http://*:0", "127.0.0.1")]
    public async Task EventUrl_OfHttp10WithoutHostAtAnIPv6Socket_CanBeRead(string address, string host)
    {
        if (!System.Net.Sockets.Socket.OSSupportsIPv6) Services.Lack("this machine has no IPv6");
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Listener:Url"] = address });
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.BindAsync("s");
        var reached = new UriBuilder(server.Listener) { Host = host }.Uri;

        (await RawHttp.SendAsync(reached, "GET /callback?state=s HTTP/1.0\r\n\r\n"u8.ToArray())).Status.Should().Be(204);

        Member(await client.ReceiveAsync(), "url").Should().Be($"{reached}callback?state=s");
    }

    [Test]
    public async Task EventUrl_OfATargetInAbsoluteForm_IsTheSame()
    {
        await using var server = await TestServer.StartAsync();

        (await EventUrlAsync(server, $"{server.Listener}callback?state=s")).Should().Be($"{server.Listener}callback?state=s");
    }

    [Test]
    public async Task Metadata_ByDefault_TellsTheAddressesInUse()
    {
        await using var server = await TestServer.StartAsync();

        var answer = await MetadataAsync(server);

        answer.Status.Should().Be(200);
        answer["Cache-Control"].Should().Be("no-store");
        answer["Content-Type"].Should().Be("application/json");
        answer["X-Request-ID"].Should().NotBeNull();
        var listener = server.Listener.ToString();
        answer.Body.Should().Be(
            $"{{\"server_version\":\"{Teal.Core.Hosting.TealVersion.Text}\","
            + $"\"websocket_url\":\"ws://{server.Dispatcher.Authority}/websocket\","
            + $"\"callback_url\":\"{listener}callback\",\"errback_url\":\"{listener}errback\","
            + $"\"openid_ciba_callback_url\":\"{listener}openid-ciba-callback\"}}");
    }

    [Test]
    public async Task Metadata_WithPublicUrls_TellsThem()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Listener:PublicUrl"] = "https://example.org/teal",
            ["Dispatcher:PublicUrl"] = "https://events.example.org:8443/d/",
            ["Dispatcher:Password"] = "a password that is long enough",
            ["Dispatcher:ExposeVersion"] = "false",
        });

        (await MetadataAsync(server)).Body.Should().Be(
            """{"websocket_url":"wss://events.example.org:8443/d/websocket","callback_url":"https://example.org/teal/callback","errback_url":"https://example.org/teal/errback","openid_ciba_callback_url":"https://example.org/teal/openid-ciba-callback"}""");
    }

    [Test]
    public async Task Metadata_BehindATrustedProxy_TellsWhatWasForwarded()
    {
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["TrustedProxies"] = "127.0.0.1" });

        Member((await MetadataAsync(server, Forwarded)).Body, "websocket_url").Should().Be("wss://fwd.example.org/pre/websocket");
    }

    [TestCase("http://[::1]:0", "[::1]")]
    [TestCase("http://*:0", "127.0.0.1")]
    public async Task Metadata_OfHttp10WithoutHostAtAnIPv6Socket_TellsAnAddressThatCanBeRead(string address, string host)
    {
        if (!System.Net.Sockets.Socket.OSSupportsIPv6) Services.Lack("this machine has no IPv6");
        await using var server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Dispatcher:Url"] = address,
            ["Dispatcher:Password"] = "a password that is long enough",
        });
        var reached = new UriBuilder(server.Dispatcher) { Host = host }.Uri;

        var answer = await RawHttp.SendAsync(reached, "GET /.well-known/teapots-teal-metadata HTTP/1.0\r\n\r\n"u8.ToArray());

        Member(answer.Body, "websocket_url").Should().Be($"ws://{reached.Authority}/websocket");
    }

    [Test]
    public async Task Metadata_FromAnyOrigin_MayBeRead()
    {
        await using var server = await TestServer.StartAsync();

        (await MetadataAsync(server, "Origin: https://app.example.org"))["Access-Control-Allow-Origin"].Should().Be("*");

        var preflight = await RawHttp.SendAsync(
            server.Dispatcher, "OPTIONS", "/.well-known/teapots-teal-metadata",
            ["Origin: https://app.example.org", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: authorization"]);
        preflight.Status.Should().BeOneOf(200, 204);
        preflight["Access-Control-Allow-Origin"].Should().Be("*");
        preflight["Access-Control-Allow-Headers"].Should().Be("authorization");
    }

    [Test]
    public async Task Modules_OnOneAddress_BothAnswer()
    {
        var port = LoopbackPort.Find();
        await using var server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Listener:Url"] = $"http://127.0.0.1:{port}",
            ["Dispatcher:Url"] = $"http://127.0.0.1:{port}",
        });

        server.Listener.Should().Be(server.Dispatcher);
        (await MetadataAsync(server)).Status.Should().Be(200);
        (await EventUrlAsync(server, "/callback?state=s")).Should().Be($"{server.Listener}callback?state=s");
    }

    [Test]
    public async Task Modules_OnTwoAddresses_AnswerOnlyOnTheirOwnWhateverTheHostHeader()
    {
        await using var server = await TestServer.StartAsync();

        (await RawHttp.SendAsync(server.Dispatcher, "GET", "/callback?state=s", [$"Host: {server.Listener.Authority}"]))
            .Status.Should().Be(404);
        (await server.GetAsync("/.well-known/teapots-teal-metadata", $"Host: {server.Dispatcher.Authority}")).Status.Should().Be(404);
    }

    private static async Task<string> EventUrlAsync(TestServer server, string target, params string[] headers)
    {
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.BindAsync("s");
        (await server.GetAsync(target, headers)).Status.Should().Be(204);
        return Member(await client.ReceiveAsync(), "url");
    }

    private static Task<RawResponse> MetadataAsync(TestServer server, params string[] headers) =>
        RawHttp.SendAsync(server.Dispatcher, "GET", "/.well-known/teapots-teal-metadata", headers);

    private static string Member(string? json, string name) => JsonDocument.Parse(json!).RootElement.GetProperty(name).GetString()!;
}
