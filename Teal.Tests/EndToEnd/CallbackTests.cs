using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>The listener as the end user's browser and the third party see it (specification 2.1).</summary>
public sealed class CallbackTests
{
    private const string Browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private TestServer _server = null!;
    private TestClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await TestServer.StartAsync();
        _client = await TestClient.ConnectAsync(_server.Dispatcher);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TestCase("/callback")]
    [TestCase("/errback")]
    public async Task Get_ALiveState_RedirectsAndRaisesTheEvent(string path)
    {
        await _client.BindAsync("123", "https://example.org/cb?state=def");

        var answer = await _server.GetAsync($"{path}?state=123&key=omg");

        answer.Status.Should().Be(302);
        answer["Location"].Should().Be("https://example.org/cb?state=def");
        answer.Body.Should().BeEmpty();
        var frame = await _client.ReceiveAsync();
        frame.Should().MatchRegex(
            """^\{"type":"callback","timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}","url":"http:[^"]*","state":"123"\}$""");
        UrlOf(frame).Should().Be($"http://{_server.Listener.Authority}{path}?state=123&key=omg");
    }

    [Test]
    public async Task Get_TwoClientsOnOneState_EachGetsEachEventOnceAndTheSameBytes()
    {
        await using var other = await TestClient.ConnectAsync(_server.Dispatcher);
        await _client.BindAsync("s");
        await other.RegisterAsync("s");
        await other.RegisterAsync("s");

        await _server.GetAsync("/callback?state=s&n=1");
        await _server.GetAsync("/callback?state=s&n=2");

        var first = new[] { await _client.ReceiveAsync(), await _client.ReceiveAsync() };
        var second = new[] { await other.ReceiveAsync(), await other.ReceiveAsync() };
        first.Should().Equal(second);
        first.Select(UrlOf).Should().BeEquivalentTo(
            [$"{_server.Listener}callback?state=s&n=1", $"{_server.Listener}callback?state=s&n=2"],
            options => options.WithStrictOrdering());
        await _client.ReceivesNothingAsync();
        await other.ReceivesNothingAsync();
    }

    [TestCase("a%20b%2Bc%26d%3De&n=%C3%A9&path=/x/../y//z;p&e=%zz%&q=??a=b&u=%0d%0a")]
    [TestCase("x&y=\"<>\\^`{|}'()[]")]
    public async Task Get_AQueryOfAnyForm_IsKeptByteForByte(string rest)
    {
        await _client.BindAsync("s");

        await _server.GetAsync($"/callback?state=s&code={rest}");

        UrlOf(await _client.ReceiveAsync()).Should().Be($"{_server.Listener}callback?state=s&code={rest}");
    }

    [Test]
    public async Task Get_ManyRandomTargets_NeverFailAndAreKeptByteForByte()
    {
        await _client.BindAsync("s");
        var random = new Random(5);
        var sent = new List<string>();
        for (var i = 0; i < 300; i++)
        {
            var bytes = new char[random.Next(1, 200)];
            for (var j = 0; j < bytes.Length; j++) bytes[j] = (char)random.Next(0x21, 0x7f);
            var target = $"/callback?state=s&{new string(bytes)}&state=s";
            sent.Add(target);
            (await _server.GetAsync(target)).Status.Should().Be(204, target);
        }

        foreach (var target in sent) UrlOf(await _client.ReceiveAsync()).Should().Be(_server.Listener.ToString().TrimEnd('/') + target);
    }

    [Test]
    public async Task Get_BytesAbove127InATarget_AreRefusedAndTheServerLives()
    {
        await _client.BindAsync("s");
        for (var octet = 0x80; octet < 0x100; octet += 7)
            (await _server.GetAsync($"/callback?state=s&x={(char)octet}")).Status.Should().Be(400);

        (await _server.GetAsync("/callback?state=s")).Status.Should().Be(204);
        UrlOf(await _client.ReceiveAsync()).Should().EndWith("/callback?state=s");
    }

    [TestCase("/callback&state=s&code=a%20b%2Bc%26d", "callback?state=s&code=a%20b%2Bc%26d")]
    [TestCase("/errback&state=s", "errback?state=s")]
    [TestCase("/c%61llback&state=s", "c%61llback?state=s")]
    [TestCase("/c%61llback?state=s", "c%61llback?state=s")]
    public async Task Get_AnAlternativeSeparatorOrAnEncodedPath_IsUnderstood(string target, string url)
    {
        await _client.BindAsync("s");

        (await _server.GetAsync(target)).Status.Should().Be(204);

        UrlOf(await _client.ReceiveAsync()).Should().Be(_server.Listener + url);
    }

    [TestCase("/callback?state=nope", 404, "Missing state\n")]
    [TestCase("/callback&state=nope", 404, "Missing state\n")]
    [TestCase("/errback?state=%ff", 404, "Missing state\n")]
    [TestCase("/callback?state=s&state=nope", 404, "Missing state\n")]
    [TestCase("/callback?state=", 400, "Empty state\n")]
    [TestCase("/callback?state", 400, "Empty state\n")]
    [TestCase("/raw-callback", 400, "Missing full URL\n")]
    [TestCase("/raw-callback?state=s", 400, "Missing full URL\n")]
    [TestCase("/raw-callback?full_url=", 400, "Missing state in full URL\n")]
    [TestCase("/raw-callback?full_url=https%3A%2F%2Fx%2Fcallback&state=s", 400, "Missing state in full URL\n")]
    [TestCase("/raw-callback?full_url=https%3A%2F%2Fx%2Fcallback%3Fstate%3D", 400, "Empty state\n")]
    [TestCase("/raw-callback?full_url=https%3A%2F%2Fx%2Fcallback%3Fstate%3Dnope", 404, "Missing state\n")]
    public async Task Get_WithoutAUsableState_SaysWhy(string target, int status, string text)
    {
        await _client.BindAsync("s");

        var answer = await _server.GetAsync(target);

        answer.Status.Should().Be(status);
        answer["Content-Type"].Should().Be("text/plain; charset=utf-8");
        answer.Body.Should().Be(text);
        var page = await _server.GetAsync(target, Browser);
        page.Status.Should().Be(status);
        page["Content-Type"].Should().Be("text/html; charset=utf-8");
        page.Body.Should().Contain("<h1>")
            .And.Contain($"<code>{page["X-Request-ID"]}</code>", "an end user can refer to it").And.NotContain(text.TrimEnd());
        page["Content-Security-Policy"].Should().Contain("default-src 'none'").And.NotContain("unsafe");
        await _client.ReceivesNothingAsync();
    }

    [TestCase("/callback")]
    [TestCase("/callback&")]
    [TestCase("/errback?error=x&State=s")]
    public async Task Get_WithoutAState_GivesTheFragmentPage(string target)
    {
        var answer = await _server.GetAsync(target);

        answer.Status.Should().Be(200);
        answer["Content-Type"].Should().Be("text/html; charset=utf-8");
        answer["Content-Security-Policy"].Should().Contain("script-src 'sha256-").And.NotContain("unsafe");
        answer.Body.Should().Contain("<noscript>").And.NotContain("src=").And.NotContain("href=\"");
    }

    [Test]
    public async Task Get_AStateWithFragment_GivesThePageAndNoEvent()
    {
        await _client.BindAsync("s", "https://example.org/", withFragment: true);

        (await _server.GetAsync("/callback?state=s&code=1")).Body.Should().Contain("raw-callback");
        await _client.ReceivesNothingAsync();

        var answer = await _server.GetAsync("/raw-callback?full_url=https%3A%2F%2Fx%2Fcallback%3Fstate%3Ds%23token%3D1");
        answer.Status.Should().Be(302);
        UrlOf(await _client.ReceiveAsync()).Should().Be("https://x/callback?state=s#token=1");
    }

    [TestCase("https%3A%2F%2FX.example%2Fcallback%23state%3Ds%26a%3D%2520%252B", "https://X.example/callback#state=s&a=%20%2B")]
    [TestCase("HTTPS%3A%2F%2Fx%2Fcallback%3Fstate%3Ds%23", "HTTPS://x/callback?state=s#")]
    [TestCase("https%3A%2F%2Fx%2Fcallback%26state%3Ds%26b%3D1", "https://x/callback?state=s&b=1")]
    [TestCase("http%3A%2F%2F%5Bbad%2Fcallback%3Fstate%3Ds", "http://[bad/callback?state=s")]
    [TestCase("%3Fstate%3Ds%00%0A", null)]
    public async Task GetRaw_AFullUrl_IsKeptByteForByte(string fullUrl, string? url)
    {
        await _client.BindAsync("s");

        var answer = await _server.GetAsync($"/raw-callback?full_url={fullUrl}");

        answer.Status.Should().Be(url is null ? 404 : 204);
        if (url is not null) UrlOf(await _client.ReceiveAsync()).Should().Be(url);
    }

    [TestCase("https://example.org/%41%20%zz?a=+&b=[1]#\"<>\\^`{|}", "https://example.org/%41%20%zz?a=+&b=[1]#\"<>\\^`{|}")]
    [TestCase("HTTPS://EXAMPLE.org:443", "HTTPS://EXAMPLE.org:443")]
    [TestCase("http://localhost:3000/?x=%0d%0aSet-Cookie:%20a=b", "http://localhost:3000/?x=%0d%0aSet-Cookie:%20a=b")]
    [TestCase("https://bücher.example/é?q=😀", "https://xn--bcher-kva.example/%C3%A9?q=%F0%9F%98%80")]
    public async Task Get_AFinalRedirectUrl_GoesOutAsItCame(string url, string location)
    {
        await _client.BindAsync("s", url);

        (await _server.GetAsync("/callback?state=s"))["Location"].Should().Be(location);
    }

    [TestCase(Browser, 200)]
    [TestCase("Accept: text/html", 200)]
    [TestCase("Accept: application/json, text/html;q=0.5", 204)]
    [TestCase("Accept: text/html;q=0, */*", 204)]
    [TestCase("Accept: */*", 204)]
    [TestCase("Accept: text/html/;;=", 204)]
    [TestCase("X-Nothing: 1", 204)]
    public async Task Get_WithoutARedirect_ShowsAPageToBrowsersOnly(string accept, int status)
    {
        await _client.BindAsync("s");

        var answer = await _server.GetAsync("/callback?state=s", accept);

        answer.Status.Should().Be(status);
        if (status == 200) answer.Body.Should().Contain("You can close this window");
        (await _client.ReceiveAsync()).Should().NotBeNull();
    }

    [TestCase("HEAD")]
    [TestCase("PUT")]
    [TestCase("OPTIONS")]
    [TestCase("DELETE")]
    public async Task OtherMethods_OnALiveState_AreRefusedAndRaiseNothing(string method)
    {
        await _client.BindAsync("s");
        foreach (var path in new[] { "/callback?state=s", "/errback?state=s", "/raw-callback?full_url=%3Fstate%3Ds", "/callback&state=s" })
        {
            var answer = await RawHttp.SendAsync(_server.Listener, method, path, []);
            answer.Status.Should().Be(405);
            answer["Allow"].Should().Be(path.StartsWith("/raw", StringComparison.Ordinal) ? "GET" : "GET, POST");
        }

        await _client.ReceivesNothingAsync();
    }

    [TestCase("/callback?state=s")]
    [TestCase("/callback?state=r")]
    [TestCase("/callback?state=nope")]
    [TestCase("/callback")]
    [TestCase("/raw-callback")]
    [TestCase("/nothing/here?state=s")]
    public async Task EveryAnswer_OfTheListener_CarriesItsHeaders(string target)
    {
        await _client.BindAsync("s");
        await _client.BindAsync("r", "https://example.org/");

        var answer = await _server.GetAsync(target);

        answer["Cache-Control"].Should().Be("no-store");
        answer["Referrer-Policy"].Should().Be("no-referrer");
        answer["X-Request-ID"].Should().NotBeNullOrEmpty();
        answer["Server"].Should().BeNull();
    }

    [TestCase("X-Request-ID: req-77", "req-77")]
    [TestCase("X-Request-ID: a b", null)]
    [TestCase("X-Request-ID: \u00c3\u00a9", null)]
    [TestCase("X-Request-ID:", null)]
    public async Task RequestId_OfTheRequest_ComesBackWhenItIsSane(string header, string? expected)
    {
        var id = (await _server.GetAsync("/callback?state=nope", header))["X-Request-ID"];

        if (expected is not null) id.Should().Be(expected);
        else id.Should().NotBeNullOrEmpty().And.MatchRegex("^[!-~]+$");
    }

    [Test]
    public async Task RequestId_ThatIsTooLong_IsReplaced()
    {
        var given = new string('x', 129);
        (await _server.GetAsync("/callback?state=nope", $"X-Request-ID: {given[1..]}"))["X-Request-ID"].Should().Be(given[1..]);
        (await _server.GetAsync("/callback?state=nope", $"X-Request-ID: {given}"))["X-Request-ID"].Should().NotBe(given);
    }

    [Test]
    public async Task Get_ATrailingSlash_IsSentToThePathWithout()
    {
        var answer = await _server.GetAsync("/callback/?state=s&a=%20");
        answer.Status.Should().Be(307);
        answer["Location"].Should().Be("../callback?state=s&a=%20");
    }

    [Test]
    public async Task Get_AnUnknownPath_Gets404AndOneLine()
    {
        foreach (var path in new[] { "/nope", "//callback?state=s", "/callback/x", "/websocket", "/.well-known/teapots-teal-metadata" })
        {
            var answer = await _server.GetAsync(path);
            answer.Status.Should().Be(404);
            answer.Body.Should().Be("Not Found\n");
        }
    }

    [Test]
    public async Task Get_ALineOfTheConfiguredLength_IsTakenAndALongerOneRefused()
    {
        await _client.BindAsync("s");

        var longest = $"/callback?state=s&x={new string('y', 60_000)}";
        (await _server.GetAsync(longest)).Status.Should().Be(204);
        UrlOf(await _client.ReceiveAsync()).Should().EndWith(longest);
        (await _server.GetAsync($"/callback?state=s&x={new string('y', 70_000)}")).Status.Should().Be(414);
    }

    [Test]
    public async Task Get_AStateOfSeveralKilobytes_Works()
    {
        var state = new string('é', 2000);
        await _client.BindAsync(state);

        (await _server.GetAsync($"/callback?state={Uri.EscapeDataString(state)}")).Status.Should().Be(204);

        JsonDocument.Parse((await _client.ReceiveAsync())!).RootElement.GetProperty("state").GetString().Should().Be(state);
    }

    [Test]
    public async Task Get_OneState_ManyTimes_RaisesAnEventEachTimeInOrder()
    {
        await _client.BindAsync("s");
        for (var i = 0; i < 50; i++) await _server.GetAsync($"/callback?state=s&n={i}");
        for (var i = 0; i < 50; i++) UrlOf(await _client.ReceiveAsync()).Should().EndWith($"&n={i}");
    }

    private static string UrlOf(string? frame) => JsonDocument.Parse(frame!).RootElement.GetProperty("url").GetString()!;
}
