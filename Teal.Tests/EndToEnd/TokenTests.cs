using System.Net.WebSockets;
using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Tokens of an outside issuer at the dispatcher (specification 8.8).</summary>
public sealed class TokenTests
{
    private TokenIssuer _issuer = null!;
    private TestServer _server = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _issuer = await TokenIssuer.StartAsync(TimeProvider.System);
        _server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Authentication:Issuers:corp:Issuer"] = _issuer.Name,
            ["Authentication:Issuers:corp:Audience"] = "teal",
            ["Authentication:Issuers:corp:Role"] = "role",
            ["Dispatcher:IdentityInterval"] = "20 ms",
        });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Test]
    public async Task Token_OfAnIssuer_OpensAWebSocketThatIsItsAccounts()
    {
        await using var anna = await ConnectAsync(Draft("anna").Sign(), subprotocol: null);
        await using var bert = await ConnectAsync(Draft("bert").Sign(), subprotocol: null);
        await anna.BindAsync("s");
        await bert.RegisterAsync("s");

        (await _server.GetAsync("/callback?state=s")).Status.Should().Be(204);

        (await anna.ReceiveAsync()).Should().Contain("\"state\":\"s\"");
        await bert.ReceivesNothingAsync();
    }

    [Test]
    public async Task Token_ThatIsRefused_Gets401AndNothingOfItIsLogged()
    {
        var forged = Draft("anna").Sign(static _ => new byte[64]);

        (await FailAsync(forged)).Should().Be(401);

        _server.Log.Lines.Should().NotContain(line => line.Text.Contains(forged.Substring(40, 40), StringComparison.Ordinal));
    }

    [Test]
    public async Task Token_WhoseIssuerIsAway_Gets503()
    {
        _issuer.Fail();

        (await FailAsync(Draft("anna").Sign())).Should().Be(503);
    }

    [Test]
    public async Task Token_ThatEnds_EndsItsConnection()
    {
        await using var client = await ConnectAsync(Draft("anna").With("exp", Now - 28).Sign());

        (await client.ReceiveAsync()).Should().BeNull();

        ((int?)client.CloseStatus).Should().Be(4401);
    }

    [Test]
    public async Task Refresh_WithAnotherToken_KeepsTheConnection()
    {
        await using var client = await ConnectAsync(Draft("anna").With("exp", Now - 27).Sign());

        await client.SendAsync(new { id = 1, refresh = new { token = Draft("bert").Sign() } });
        (await client.ReceiveAsync()).Should().StartWith("""{"type":"error","id":1,"code":"token_refused","detail":""");
        var exp = Now - 25;
        await client.SendAsync(new { id = 2, refresh = new { token = Draft("anna").With("exp", exp).Sign() } });
        (await client.ReceiveAsync()).Should().Be("""{"type":"ack","id":2}""");

        (await client.ReceiveAsync()).Should().BeNull();
        Now.Should().BeGreaterThanOrEqualTo(exp + 30, "the connection ends with the second token");
    }

    [Test]
    public async Task Refresh_ThatCannotBeChecked_SaysSo()
    {
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");
        _issuer.Fail();

        await client.SendAsync(new { id = 1, refresh = new { token = Draft("anna").Sign() } });

        (await client.ReceiveAsync()).Should().StartWith("""{"type":"error","id":1,"code":"not_refreshed","detail":""");
    }

    [TestCase("""{"id":1,"refresh":{}}""")]
    [TestCase("""{"id":1,"refresh":"x"}""")]
    [TestCase("""{"id":1,"refresh":{"token":1}}""")]
    [TestCase("""{"id":1,"refresh":{"token":"x","type":"y"}}""")]
    [TestCase("""{"id":1,"refresh":{"token":"x"},"unregister_from":{"type":"callback","state":"a"}}""")]
    public async Task Refresh_ThatIsMalformed_IsAnError(string message)
    {
        await using var client = await ConnectAsync(Draft("anna").Sign());

        await client.SendAsync(message);

        JsonDocument.Parse((await client.ReceiveAsync())!).RootElement.GetProperty("code").GetString().Should().Be("invalid_message");
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private TokenDraft Draft(string subject) => _issuer.Draft(subject).With("role", "member");

    private Task<TestClient> ConnectAsync(string token, string? subprotocol = "teal.v2") => TestClient.ConnectAsync(
        _server.Dispatcher, subprotocol: subprotocol, configure: options => options.SetRequestHeader("Authorization", $"Bearer {token}"));

    private async Task<int> FailAsync(string token)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        var address = new Uri($"ws://{_server.Dispatcher.Authority}/websocket");
        await FluentActions.Awaiting(() => socket.ConnectAsync(address, CancellationToken.None).WithinLimit())
            .Should().ThrowAsync<WebSocketException>();
        return (int)socket.HttpStatusCode;
    }
}
