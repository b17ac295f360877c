using System.Text;
using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>What providers, browsers and what stands between do to a redirect (specification 2.1).</summary>
public sealed class ProviderRedirectTests
{
    private const string FormType = "Content-Type: application/x-www-form-urlencoded";

    private TestServer _server = null!;
    private TestClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await TestServer.StartAsync(new Dictionary<string, string> { ["Listener:PowensRedirectFallback"] = "true" });
        _client = await TestClient.ConnectAsync(_server.Dispatcher);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TestCase("/callback", "", "/callback?")]
    [TestCase("/errback", "", "/errback?")]
    [TestCase("/callback?", "", "/callback?")]
    [TestCase("/callback?tenant=x", "; charset=UTF-8", "/callback?tenant=x&")]
    [TestCase("/callback?state=other", "", "/callback?state=other&")]
    [TestCase("/callback&tenant=x", "", "/callback?tenant=x&")]
    public async Task Post_AForm_RedirectsWith303AndItsBytesAreInTheEventsUrl(string target, string parameter, string url)
    {
        await _client.BindAsync("s", "https://app.example.org/done");

        var answer = await PostAsync(target, "state=s&code=a%20b+c&id_token=x.y.z", FormType.ToUpperInvariant() + parameter);

        answer.Status.Should().Be(303);
        answer["Location"].Should().Be("https://app.example.org/done");
        UrlOf(await _client.ReceiveAsync())
            .Should().Be(_server.Listener.ToString().TrimEnd('/') + url + "state=s&code=a%20b+c&id_token=x.y.z");
    }

    [Test]
    public async Task Post_AFormWithBytesThatNoQueryHas_EncodesThose()
    {
        await _client.BindAsync("s");

        (await PostAsync("/callback", "state=s&a=é b#c\r\n\0", FormType)).Status.Should().Be(204);

        UrlOf(await _client.ReceiveAsync()).Should().Be($"{_server.Listener}callback?state=s&a=%C3%A9%20b%23c%0D%0A%00");
    }

    [Test]
    public async Task Post_ForAStateWithAFragment_NeedsNoPage()
    {
        await _client.BindAsync("s", withFragment: true);

        (await PostAsync("/callback", "state=s&code=1", FormType)).Status.Should().Be(204);
    }

    [TestCase("state=unknown", FormType, 404)]
    [TestCase("code=1", FormType, 400)]
    [TestCase("", FormType, 400)]
    [TestCase("state=", FormType, 400)]
    [TestCase("state=s", "Content-Type: application/json", 415)]
    [TestCase("state=s", "Content-Type: multipart/form-data; boundary=x", 415)]
    [TestCase("state=s", "X: y", 415)]
    public async Task Post_WhatIsNoCallback_IsRefusedAndRaisesNothing(string form, string header, int status)
    {
        await _client.BindAsync("s");

        (await PostAsync("/callback", form, header)).Status.Should().Be(status);

        await _client.ReceivesNothingAsync();
    }

    [Test]
    public async Task Post_AFormThatIsTooLarge_Is413()
    {
        await _client.BindAsync("s");

        (await PostAsync("/callback", $"state=s&x={new string('a', 64 * 1024)}", FormType)).Status.Should().Be(413);
        (await PostAsync("/raw-callback", "state=s", FormType)).Status.Should().Be(405);
    }

    [Test]
    public async Task Post_AForm_IsToldOfAsSuchInTealV2AlsoWhenItIsReplayed()
    {
        await using var live = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");
        await _server.BindAsync("s");
        await live.SendAsync(new { id = 1, register_to = new { type = "callback", state = "s" } });
        await live.ReceiveAsync();

        await PostAsync("/callback", "state=s", FormType);
        await _server.GetAsync("/callback?state=s");

        await using var later = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");
        await later.SendAsync(new { id = 1, register_to = new { type = "callback", state = "s", after = "earliest" } });
        await later.ReceiveAsync();
        foreach (var client in new[] { live, later })
        {
            (await client.ReceiveAsync()).Should().MatchRegex(
                """^\{"type":"callback","timestamp":"[^"]*","url":"[^"]*","state":"s","method":"POST","cursor":"[^"]*"\}$""");
            (await client.ReceiveAsync())
                .Should().MatchRegex("""^\{"type":"callback","timestamp":"[^"]*","url":"[^"]*","state":"s","cursor":"[^"]*"\}$""");
        }
    }

    [TestCase("/callback?response=")]
    [TestCase("/callback?iss=x?response=")]
    [TestCase("/raw-callback?full_url=https%3A%2F%2Fx%2Fcallback%23response%3D")]
    public async Task Get_AResponseInAJwt_IsForItsState(string target)
    {
        await _client.BindAsync("jwt state");

        (await _server.GetAsync(target + Jwt("{\"iss\":\"https://idp.example\",\"state\":\"jwt state\",\"code\":\"c\"}")))
            .Status.Should().Be(204);

        (await _client.ReceiveAsync()).Should().EndWith("\"state\":\"jwt state\"}");
    }

    [Test]
    public async Task Post_AResponseInAJwt_IsForItsState()
    {
        await _client.BindAsync("s");

        (await PostAsync("/callback", "response=" + Jwt("{\"state\":\"s\"}"), FormType)).Status.Should().Be(204);
    }

    [TestCase("Sec-Purpose: prefetch")]
    [TestCase("Sec-Purpose: prefetch;prerender")]
    [TestCase("Purpose: Prefetch")]
    [TestCase("X-moz: prefetch")]
    public async Task Get_AheadOfTheUser_IsRefusedAndRaisesNothing(string header)
    {
        await _client.BindAsync("s", "https://app.example.org/done");

        var answer = await _server.GetAsync("/callback?state=s", header);

        answer.Status.Should().Be(503);
        answer["Location"].Should().BeNull();
        await _client.ReceivesNothingAsync();
        (await _server.GetAsync("/callback?state=s", "Sec-Fetch-Mode: navigate")).Status.Should().Be(302);
    }

    [TestCase("a%2Bb%2F%3D")]
    [TestCase("a+b/=")]
    [TestCase("a%20b%2F=")]
    public async Task Get_AStateWhosePlusBecameABlank_IsTheStoredOne(string sent)
    {
        await _client.BindAsync("a+b/=");

        (await _server.GetAsync($"/callback?state={sent}")).Status.Should().Be(204);

        (await _client.ReceiveAsync()).Should().EndWith("\"state\":\"a+b/=\"}");
    }

    [Test]
    public async Task Get_AStateWithABlank_ComesBeforeThatWithAPlus()
    {
        await _client.BindAsync("a b");
        await _client.BindAsync("a+b");

        await _server.GetAsync("/callback?state=a+b");

        (await _client.ReceiveAsync()).Should().EndWith("\"state\":\"a b\"}");
    }

    [Test]
    public async Task Get_AFreestandingStateWhosePlusBecameABlank_IsTheOneWithAPlus()
    {
        // Of this text the base64 has a plus.
        var state = Convert.ToBase64String(Encoding.UTF8.GetBytes("{\"redirect_uri\":\"https://app.example.org/\",\"state\":\"~~>\"}"));
        state.Should().Contain("+");
        await _client.RegisterAsync(state);

        (await _server.GetAsync($"/callback?state={state}")).Status.Should().Be(302);

        (await _client.ReceiveAsync()).Should().EndWith($"\"state\":\"{state}\"}}");
    }

    [TestCase("/callback?tenant=x?state=s&code=1")]
    [TestCase("/callback?tenant=x?code=1&state=s")]
    [TestCase("/callback&tenant=x&state=s")]
    [TestCase("/raw-callback?full_url=http%3A%2F%2Flocalhost%2Fcallback%3Ftenant%3Dx%3Fstate%3Ds%26code%3D1")]
    [TestCase("/raw-callback?full_url=http%3A%2F%2Flocalhost%2Fcallback%23%2Fpage%3Fstate%3Ds%26code%3D1")]
    [TestCase("/callback?return=https://a.example/?x=1&state=s")]
    [TestCase("/callback?state=s#frag=1")]
    [TestCase("/callback?state=s#state=unknown")]
    [TestCase("/callback?state=s&x#?state=unknown")]
    public async Task Get_WithASeparatorInTheWrongPlace_FindsTheState(string target)
    {
        await _client.BindAsync("s");

        (await _server.GetAsync(target)).Status.Should().Be(204);

        var url = UrlOf(await _client.ReceiveAsync())!;
        if (target.StartsWith("/callback?", StringComparison.Ordinal)) url.Should().Be(_server.Listener.ToString().TrimEnd('/') + target);
    }

    [TestCase("/callback#state=s")]
    [TestCase("/callback#")]
    public async Task Get_WithAFragmentAlone_GivesThePage(string target) =>
        (await _server.GetAsync(target))["Content-Type"].Should().Be("text/html; charset=utf-8");

    [Test]
    public async Task Head_OfACallback_RaisesNothing()
    {
        await _client.BindAsync("s");

        (await RawHttp.SendAsync(_server.Listener, "HEAD", "/callback?state=s", [])).Status.Should().Be(405);

        await _client.ReceivesNothingAsync();
    }

    [TestCase("/health/live", true)]
    [TestCase("/health/ready", true)]
    [TestCase("/health/ready", false)]
    [TestCase("/.well-known/teapots-teal-metadata", false)]
    public async Task Head_OfWhatMonitorsAsk_IsAGetWithoutItsBody(string path, bool isAtListener)
    {
        var server = isAtListener ? _server.Listener : _server.Dispatcher;
        var get = await RawHttp.SendAsync(server, "GET", path, []);

        var head = await RawHttp.SendAsync(server, "HEAD", path, []);

        head.Status.Should().Be(get.Status);
        head["Content-Type"].Should().Be(get["Content-Type"]);
        head["Content-Length"].Should().Be(get["Content-Length"]);
        head.Body.Should().BeEmpty();
    }

    [TestCase("Bearer  t")]
    [TestCase("bearer    t")]
    public async Task Post_ABearerTokenBehindSeveralBlanks_IsTaken(string authorization)
    {
        (await RawHttp.SendAsync(
            _server.Listener, "POST", "/openid-ciba-callback", [$"Authorization: {authorization}"],
            "{\"auth_req_id\":\"r\"}"u8.ToArray())).Status.Should().Be(204);
        (await RawHttp.SendAsync(
            _server.Listener, "POST", "/powens-webhook/budgea.biapi.pro/X", [$"Authorization: {authorization}"],
            "{}"u8.ToArray())).Status.Should().Be(204);
        (await RawHttp.SendAsync(
            _server.Listener, "POST", "/openid-ciba-callback", ["Authorization: Bearert"],
            "{\"auth_req_id\":\"r\"}"u8.ToArray())).Status.Should().Be(401);
    }

    private static string Jwt(string payload) => $"{Base64Url("{\"alg\":\"ES256\"}")}.{Base64Url(payload)}.c2ln";

    private static string Base64Url(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string? UrlOf(string? message) => JsonDocument.Parse(message!).RootElement.GetProperty("url").GetString();

    private Task<RawResponse> PostAsync(string target, string form, string header) =>
        RawHttp.SendAsync(_server.Listener, "POST", target, [header], Encoding.UTF8.GetBytes(form));
}
