using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Keys, one-time passwords and tickets over HTTP: made with a password, shown once, and never with each other.</summary>
internal sealed class ApiSecretTests
{
    private const string Keys = "/api/v1/keys", OneTimePasswords = "/api/v1/one-time-passwords", Tickets = "/api/v1/tickets";

    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;
    private ApiClient _client = null!;
    private ApiClient _local = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _server = await TestServer.StartAsync(new Dictionary<string, string> { ["DataDirectory"] = _folder.Path });
        _client = ApiClient.At(_server.Dispatcher, "anonymous", TestServer.Password);
        _local = ApiClient.AtSocketOf(_folder.Path);
    }

    [TearDown]
    public async Task TearDown()
    {
        _local.Dispose();
        _client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Key_ThatIsMade_IsShownOnceAndLetsIn()
    {
        var made = await _client.SendAsync(
            "POST", Keys, """{"label":"ci","permissions":["read callback:*"],"expires_at":"2099-01-31T00:00:00Z"}""");

        made.Status.Should().Be(201);
        var (id, key) = (made.Json.GetProperty("id").GetString()!, made.Json.GetProperty("key").GetString()!);
        key.Should().MatchRegex($"^teal_{id}_[0-9A-Za-z]{{43}}_[0-9A-Za-z]{{6}}$");
        made.Headers["Location"].Should().Be($"keys/{id}");
        var shown = (await _client.SendAsync("GET", $"{Keys}/{id}")).Body;
        shown.Should().StartWith(
            $$"""{"id":"{{id}}","account":"anonymous","label":"ci","permissions":["read callback:*"],"expires_at":"2099-01-31T00:00:00Z",""")
            .And.EndWith("\"used_at\":null,\"used_from\":null}").And.NotContain(key[20..]);
        (await _client.SendAsync("GET", Keys)).Body.Should().Be($$"""{"keys":[{{shown}}],"next":null}""");
        foreach (var withKey in new[] { ApiClient.At(_server.Dispatcher, key), ApiClient.At(_server.Dispatcher, "anonymous", key) })
        {
            using (withKey) (await withKey.SendAsync("GET", $"{Keys}/{id}")).Status.Should().Be(200);
        }
    }

    [Test]
    public async Task Key_ThatIsRevoked_LetsNobodyInAndIsNotThere()
    {
        var (id, key) = await MakeAsync(_client);

        (await _client.SendAsync("DELETE", $"{Keys}/{id}")).Status.Should().Be(204);

        (await _client.SendAsync("DELETE", $"{Keys}/{id}")).Status.Should().Be(404);
        (await _client.SendAsync("GET", $"{Keys}/{id}")).Status.Should().Be(404);
        using var withKey = ApiClient.At(_server.Dispatcher, key);
        (await withKey.SendAsync("GET", Keys)).Status.Should().Be(401);
    }

    [TestCase(Keys, """{"label":"more"}""")]
    [TestCase(OneTimePasswords, "{}")]
    public async Task Secret_WithWhatWasMadeWithAPassword_IsNotMade(string path, string body)
    {
        var (_, key) = await MakeAsync(_client);
        var once = (await _client.SendAsync("POST", OneTimePasswords, "{}")).Json.GetProperty("password").GetString()!;
        using var withKey = ApiClient.At(_server.Dispatcher, key);
        using var withOnce = ApiClient.At(_server.Dispatcher, "anonymous", once);

        foreach (var client in new[] { withKey, withOnce })
        {
            var answer = await client.SendAsync("POST", path, body);
            (answer.Status, answer.Code).Should().Be((403, "not_allowed"));
        }
    }

    [TestCase("""{"label":""}""", "The label must have 1 to 100 characters")]
    [TestCase("{}", "The label must have 1 to 100 characters")]
    [TestCase("""{"label":"a\nb"}""", "no control characters")]
    [TestCase("""{"label":"a","expires_at":"2020-01-01T00:00:00Z"}""", "The key's end must be ahead.")]
    [TestCase("""{"label":"a","permissions":["fly"]}""", "permission 1 must begin with one of")]
    [TestCase("""{"label":"a","permission":[]}""", "\"permission\" is not known here")]
    [TestCase("""{"label":"a","account":"UPPER CASE"}""", "\"account\" must be 1 to 64 letters")]
    public async Task Key_OfAWishThatIsWrong_Has400(string body, string detail)
    {
        var answer = await _client.SendAsync("POST", Keys, body);

        (answer.Status, answer.Code).Should().Be((400, "invalid_message"));
        answer.Detail.Should().Contain(detail);
    }

    [Test]
    public async Task Keys_OfAnotherAccount_AreForAdministrators()
    {
        (await _client.SendAsync("GET", $"{Keys}?account=alice")).Status.Should().Be(403);
        (await _client.SendAsync("POST", Keys, """{"label":"a","account":"alice"}""")).Status.Should().Be(403);
        (await _local.SendAsync("POST", Keys, """{"label":"a","account":"nobody"}""")).Status.Should().Be(404);
        var (id, _) = await MakeAsync(_local, "\"account\":\"Anonymous\",");

        (await _local.SendAsync("GET", $"{Keys}?account=anonymous")).Body.Should().Contain(id);
        (await _local.SendAsync("GET", Keys)).Detail.Should().Be("\"account\" must name one, as whoever comes by the socket is none.");
        (await _local.SendAsync("DELETE", $"{Keys}/{id}")).Status.Should().Be(204);
    }

    [Test]
    public async Task Keys_InPages_AreEachThereOnce()
    {
        var made = new List<string>();
        for (var i = 0; i < 5; i++) made.Add((await MakeAsync(_client)).Id);
        var seen = new List<string?>();
        for (var path = $"{Keys}?limit=2"; ;)
        {
            var page = (await _client.SendAsync("GET", path)).Json;
            seen.AddRange(page.GetProperty("keys").EnumerateArray().Select(static key => key.GetProperty("id").GetString()));
            if (page.GetProperty("next").ValueKind == JsonValueKind.Null) break;
            path = $"{Keys}?limit=2&after={page.GetProperty("next").GetString()}";
        }

        seen.Should().BeEquivalentTo(made).And.BeInAscendingOrder(StringComparer.Ordinal);
    }

    [TestCase("0")]
    [TestCase("1001")]
    [TestCase("-1")]
    [TestCase("ten")]
    [TestCase("")]
    public async Task Page_OfAnImpossibleSize_Has400(string limit) =>
        (await _client.SendAsync("GET", $"{Keys}?limit={limit}")).Detail.Should().Be("\"limit\" must be a number from 1 to 1000.");

    [Test]
    public async Task Parameter_ThatIsThereTwice_Has400() =>
        (await _client.SendAsync("GET", $"{Keys}?limit=1&limit=2")).Detail.Should().Contain("must be there once");

    [TestCase(null)]
    [TestCase("{}")]
    [TestCase("""{"account":"anonymous"}""")]
    public async Task OneTimePassword_ThatIsMade_LetsInOnce(string? body)
    {
        var made = await _client.SendAsync("POST", OneTimePasswords, body);

        made.Status.Should().Be(201);
        made.Json.GetProperty("account").GetString().Should().Be("anonymous");
        made.Json.GetProperty("expires_at").GetDateTime().Should().BeAfter(RealClock.Now);
        using var client = ApiClient.At(_server.Dispatcher, "anonymous", made.Json.GetProperty("password").GetString()!);
        (await client.SendAsync("GET", Keys)).Status.Should().Be(200);
        (await client.SendAsync("GET", Keys)).Status.Should().Be(401);
    }

    [Test]
    public async Task Ticket_ThatIsMade_OpensOneWebSocket()
    {
        var made = await _client.SendAsync("POST", Tickets);

        made.Status.Should().Be(201);
        made.Json.GetProperty("expires_in").GetInt32().Should().Be(20);
        var ticket = made.Json.GetProperty("ticket").GetString()!;
        (await ShakeHandsAsync(ticket)).Should().Be(101);
        (await ShakeHandsAsync(ticket)).Should().Be(401);
    }

    [Test]
    public async Task Ticket_BesideTheWebSocket_ComesWithItsAddress()
    {
        var made = await _client.SendAsync("POST", "/websocket/ticket");

        made.Status.Should().Be(201);
        made.Json.GetProperty("websocket_url").GetString().Should().Be($"ws://{_server.Dispatcher.Authority}/websocket");
        (await ShakeHandsAsync(made.Json.GetProperty("ticket").GetString()!)).Should().Be(101);
        (await _client.SendAsync("GET", "/websocket/ticket")).Status.Should().Be(405);
    }

    [TestCase("""{"origin":"https://app.example.org"}""", "Accept: */*")]
    [TestCase(null, "Origin: https://app.example.org")]
    public async Task Ticket_ForAPage_IsThatPagesAlone(string? body, string header)
    {
        await using var server = await TestServer.StartAsync(
            new Dictionary<string, string> { ["Dispatcher:AllowedOrigins"] = "https://app.example.org" });
        using var client = ApiClient.At(server.Dispatcher, "anonymous", TestServer.Password);
        var ticket = (await client.SendAsync("POST", Tickets, body, headers: header)).Json.GetProperty("ticket").GetString()!;

        (await ShakeHandsAsync(server, ticket)).Should().Be(401);
        (await ShakeHandsAsync(server, ticket, "Origin: https://app.example.org")).Should().Be(101);
    }

    [Test]
    public async Task Ticket_OfAnotherAccount_IsForAdministrators()
    {
        (await _client.SendAsync("POST", Tickets, """{"account":"alice"}""")).Status.Should().Be(403);
        (await _local.SendAsync("POST", Tickets, """{"account":"alice"}""")).Status.Should().Be(404);
        (await _local.SendAsync("POST", Tickets)).Status.Should().Be(400);
        var made = await _local.SendAsync("POST", Tickets, """{"account":"anonymous"}""");

        (await ShakeHandsAsync(made.Json.GetProperty("ticket").GetString()!)).Should().Be(101);
    }

    [Test]
    public async Task Log_OfWhatIsMadeAndRevoked_HasWhoAndWhatAndNoSecret()
    {
        var (id, key) = await MakeAsync(_client);
        var once = (await _client.SendAsync("POST", OneTimePasswords)).Json.GetProperty("password").GetString()!;
        var ticket = (await _local.SendAsync("POST", Tickets, """{"account":"anonymous"}""")).Json.GetProperty("ticket").GetString()!;
        using (var withKey = ApiClient.At(_server.Dispatcher, key))
            await withKey.SendAsync("DELETE", $"{Keys}/{id}", headers: "X-Request-ID: r-1");

        var lines = _server.Log.Lines.Where(static line => line.Id.Id == 10001).ToArray();
        lines.Should().OnlyContain(static line => line.Level == LogLevel.Information);
        lines.Select(static line => Regex.Replace(line.Text, "request [^)]*", "request R").Trim()).Should().Equal(
            $"anonymous made the key {id} of anonymous (from 127.0.0.1, request R)",
            "anonymous made a one-time password of anonymous (from 127.0.0.1, request R)",
            "@local made a ticket of anonymous (from teal.sock, request R)",
            $"anonymous with the key {id} revoked the key {id} of anonymous (from 127.0.0.1, request R)");
        lines[^1].Text.Should().Contain("request r-1");
        foreach (var secret in new[] { key[20..], once, ticket, "s3cr3t-label" })
            _server.Log.Lines.Should().NotContain(line => line.Text.Contains(secret, StringComparison.Ordinal));
    }

    private static async Task<(string Id, string Key)> MakeAsync(ApiClient client, string members = "")
    {
        var made = await client.SendAsync("POST", Keys, $$"""{{{members}}"label":"s3cr3t-label"}""");
        made.Status.Should().Be(201, made.Body);
        return (made.Json.GetProperty("id").GetString()!, made.Json.GetProperty("key").GetString()!);
    }

    private Task<int> ShakeHandsAsync(string ticket) => ShakeHandsAsync(_server, ticket);

    private static async Task<int> ShakeHandsAsync(TestServer server, string ticket, string header = "Accept: */*")
    {
        var request =
            $"GET /websocket?ticket={ticket} HTTP/1.1\r\nHost: {server.Dispatcher.Authority}\r\nUpgrade: websocket\r\n" +
            $"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{header}\r\n\r\n";
        return (await RawHttp.ReadHeadAsync(server.Dispatcher, System.Text.Encoding.ASCII.GetBytes(request))).Status;
    }
}
