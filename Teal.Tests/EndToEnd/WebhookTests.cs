using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Webhooks of anybody, from the address that a provider is given to the program that waits (specification 9.2).</summary>
[TestFixture("Memory")]
[TestFixture("Embedded")]
internal sealed class WebhookTests(string store)
{
    private const string Webhooks = "/api/v1/webhooks", Secret = "It's a Secret to Everybody";

    // As GitHub documents it.
    private const string Signature = "X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    private static readonly byte[] Hello = "Hello, World!"u8.ToArray();

    private readonly ManualTimeProvider _clock = new();
    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;
    private ApiClient _client = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        await StartAsync();
    }

    [TearDown]
    public async Task TearDown()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Webhook_OfGithub_IsVerifiedAndComesWithAllThatWasSent()
    {
        var url = await MakeAsync("github", """{"provider":"github","secrets":["old","It's a Secret to Everybody"]}""");
        url.AbsolutePath.Should().MatchRegex("^/hook/[0-9A-Za-z]{22}$");
        await using var client = await RegisterAsync("github");

        var answer = await SendAsync(url.PathAndQuery + "?a=%2B&a=2", Hello, Signature, "X-GitHub-Delivery: 72d3162e", "X-A: 1", "X-A: 2");

        answer.Status.Should().Be(204);
        var got = await ReceiveAsync(client);
        got.GetProperty("type").GetString().Should().Be("webhook");
        got.GetProperty("name").GetString().Should().Be("github");
        got.GetProperty("id").GetString().Should().Be("72d3162e");
        got.GetProperty("method").GetString().Should().Be("POST");
        got.GetProperty("target").GetString().Should().Be(url.PathAndQuery + "?a=%2B&a=2");
        got.GetProperty("body").GetString().Should().Be("Hello, World!");
        got.GetProperty("verified").GetRawText().Should().Be("""{"scheme":"github","secret":1}""");
        got.GetProperty("headers").EnumerateArray().Select(static pair => $"{pair[0]}: {pair[1]}")
            .Should().Contain(["X-A: 1", "X-A: 2", Signature, "X-GitHub-Delivery: 72d3162e"]);
        got.GetProperty("cursor").GetString().Should().NotBeEmpty();
    }

    // The web server sorts them, and joins none; a proxy's own are theirs, too.
    [Test]
    public async Task Headers_OfAWebhook_ComeInTheirOrderAsTheyWere()
    {
        var url = await MakeAsync("any", """{"provider":"none","subpaths":true}""");
        await using var client = await RegisterAsync("any");
        using var connection = await RawConnection.OpenAsync(_server.Listener);
        for (var i = 0; i < 3; i++)
        {
            string[] headers = [$"x-b:  {i} ", "Content-Type: text/plain", "X-A: 1", "Host: a.example", "x-B:\t", "Content-Length: 2",
                "X-Forwarded-For: 192.0.2.1", "X-A: \u00e4", "Cookie: a=1", "Cookie: b=2"];
            await connection.SendAsync($"POST {url.AbsolutePath}/%6{i}?%6{i} HTTP/1.1\r\n{string.Join("\r\n", headers)}\r\n\r\nhi");

            var pairs = (await ReceiveAsync(client)).GetProperty("headers").EnumerateArray();
            pairs.Select(static pair => $"{pair[0]}: {pair[1]}").Should().Equal(
                $"x-b: {i}", "Content-Type: text/plain", "X-A: 1", "Host: a.example", "x-B: ", "Content-Length: 2",
                "X-Forwarded-For: 192.0.2.1", "X-A: \u00e4", "Cookie: a=1", "Cookie: b=2");
        }
    }

    [TestCase("X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18", TestName = "a bit")]
    [TestCase("X-Hub-Signature-256: sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17", TestName = "upper case")]
    [TestCase("X-Hub-Signature-256: sha256=757107ea", TestName = "cut")]
    [TestCase("X-Hub-Signature-256: 757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", TestName = "no prefix")]
    [TestCase("X-Nothing: x", TestName = "none")]
    [TestCase(Signature, Signature, TestName = "twice")]
    public async Task Webhook_WithAWrongSignature_Gets401AndIsNothing(params string[] headers)
    {
        var url = await MakeAsync("github", """{"provider":"github","secrets":["It's a Secret to Everybody"]}""");
        await using var client = await RegisterAsync("github");

        var answer = await SendAsync(url.AbsolutePath, Hello, headers);

        answer.Status.Should().Be(401);
        answer.Body.Should().Be("The signature is missing or wrong\n");
        await NothingMoreAsync(client);
    }

    [Test]
    public async Task Webhook_ThatDoesNotEnforce_LetsInWhatIsNotSigned()
    {
        var url = await MakeAsync("github", """{"provider":"github","secrets":["x"],"enforce":false}""");
        await using var client = await RegisterAsync("github");

        (await SendAsync(url.AbsolutePath, Hello, Signature)).Status.Should().Be(204);

        (await ReceiveAsync(client)).GetProperty("verified").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Test]
    public async Task Body_ThatIsNoText_ComesInBase64AndStaysCompressed()
    {
        var url = await MakeAsync("any", """{"provider":"none"}""");
        await using var client = await RegisterAsync("any");
        byte[] body = [0x1f, 0x8b, 0xff, 0];

        (await SendAsync(url.AbsolutePath, body, "Content-Encoding: gzip")).Status.Should().Be(204);

        var got = await ReceiveAsync(client);
        got.GetProperty("body_base64").GetBytesFromBase64().Should().Equal(body);
        got.TryGetProperty("body", out _).Should().BeFalse();
    }

    // An id that nobody signed proves nothing.
    [Test]
    public async Task Delivery_ThatComesAgain_IsOneEventWhereItIsSigned()
    {
        await RestartAsync(("Webhooks:DeliveryMemory", "2 s"));
        var signed = await MakeAsync("signed", """{"provider":"github","secrets":["It's a Secret to Everybody"]}""");
        var open = await MakeAsync("open", """{"provider":"github","secrets":["x"],"enforce":false}""");
        await using var client = await RegisterAsync("signed");
        await using var other = await RegisterAsync("open");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            SendAsync(signed.AbsolutePath, Hello, Signature, "X-GitHub-Delivery: 1")));
        answers.Should().OnlyContain(static answer => answer.Status == 204);
        for (var i = 0; i < 2; i++) (await SendAsync(open.AbsolutePath, Hello, "X-GitHub-Delivery: 1")).Status.Should().Be(204);

        await ReceiveAsync(client);
        await NothingMoreAsync(client);
        for (var i = 0; i < 2; i++) await ReceiveAsync(other);
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await SendAsync(signed.AbsolutePath, Hello, Signature, "X-GitHub-Delivery: 1")).Status.Should().Be(204);
        await ReceiveAsync(client);
    }

    [Test]
    public async Task Flood_OfOneWebhook_LeavesOthersTheirs()
    {
        await RestartAsync(("Webhooks:MaximumPerMinute", "3"), ("Webhooks:MaximumPerMinuteOfTeam", "5"));
        var (one, other) = (await MakeAsync("one", """{"provider":"none"}"""), await MakeAsync("other", """{"provider":"none"}"""));

        (await StatusesAsync(one, 5)).Should().Equal(204, 204, 204, 429, 429);
        (await StatusesAsync(other, 3)).Should().Equal(204, 204, 429);
        var refused = await SendAsync(one.AbsolutePath, Hello);
        refused["Retry-After"].Should().Be("60");
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await StatusesAsync(one, 1)).Should().Equal(204);
    }

    [Test]
    public async Task Address_ThatIsUnknownDisabledOrDeeper_Gets404()
    {
        var open = await MakeAsync("open", """{"provider":"none"}""");
        var off = await MakeAsync("off", """{"provider":"none","enabled":false}""");
        var deep = await MakeAsync("deep", """{"provider":"none","subpaths":true}""");

        (await SendAsync(deep.AbsolutePath + "/a/%62?x", Hello)).Status.Should().Be(204);
        string[] unknown =
        [
            off.AbsolutePath, "/%68ook/" + open.AbsolutePath[6..],
            open.AbsolutePath + "/", open.AbsolutePath + "/a", open.AbsolutePath + "&a=1", "/hook/", "/hook/x/..",
            "/hook/" + new string('a', 22), open.AbsolutePath.ToUpperInvariant(),
        ];
        var answers = new List<string>();
        foreach (var path in unknown)
        {
            var answer = await SendAsync(path, Hello);
            answers.Add($"{answer.Status} {answer.Body}");
        }

        answers.Distinct().Should().Equal("404 Not Found\n");
    }

    [TestCase("GET")]
    [TestCase("DELETE")]
    [TestCase("OPTIONS")]
    public async Task Method_ThatIsNotTaken_Gets405(string method)
    {
        var url = await MakeAsync("any", """{"provider":"none"}""");

        var answer = await RawHttp.SendAsync(_server.Listener, method, url.AbsolutePath, []);

        answer.Status.Should().Be(405);
        answer["Allow"].Should().Be("POST, PUT, PATCH");
    }

    [Test]
    public async Task Question_OfMeta_IsAnsweredAndIsNoEvent()
    {
        var url = await MakeAsync("meta", """{"provider":"meta","secrets":["s"],"verify_token":"tok"}""");
        await using var client = await RegisterAsync("meta");
        var question = url.AbsolutePath + "?hub.mode=subscribe&hub.challenge=%3Cscript%3E1158201444&hub.verify_token=";

        var answer = await RawHttp.SendAsync(_server.Listener, "GET", question + "tok", []);
        var wrong = await RawHttp.SendAsync(_server.Listener, "GET", question + "wrong", []);

        wrong.Status.Should().NotBe(200);
        wrong.Body.Should().NotContain("1158201444");
        if (answer.Status == 200)
        {
            answer["Content-Type"].Should().StartWith("text/plain");
            answer["X-Content-Type-Options"].Should().Be("nosniff");
        }

        var number = question.Replace("%3Cscript%3E", "", StringComparison.Ordinal) + "tok";
        (await RawHttp.SendAsync(_server.Listener, "GET", number, [])).Body.Should().Be("1158201444");
        await NothingMoreAsync(client);
    }

    [Test]
    public async Task Webhook_MadeByAClient_IsToldWithItsAddressAndWithoutSecrets()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(
            """{"id":1,"create":{"type":"webhook","name":"gh","provider":"github","secrets":["It's a Secret to Everybody"]},"register_to":{"type":"webhook","name":"gh"}}""");
        var made = await ReceiveAsync(client);

        made.GetProperty("type").GetString().Should().Be("ack");
        var webhook = made.GetProperty("webhook");
        made.GetRawText().Should().NotContain("Secret to");
        var url = new Uri(webhook.GetProperty("url").GetString()!);
        (await SendAsync(url.AbsolutePath, Hello, Signature)).Status.Should().Be(204);
        (await ReceiveAsync(client)).GetProperty("name").GetString().Should().Be("gh");

        await client.SendAsync("""{"id":2,"create":{"type":"webhook","name":"gh","provider":"none"}}""");
        (await ReceiveAsync(client)).GetProperty("webhook").GetProperty("url").GetString().Should().Be(url.AbsoluteUri);
        await client.SendAsync("""{"id":3,"delete":{"type":"webhook","name":"gh"}}""");
        (await ReceiveAsync(client)).GetProperty("id").GetInt32().Should().Be(3);
        (await SendAsync(url.AbsolutePath, Hello, Signature)).Status.Should().Be(404);
    }

    // A message is done whole or not at all.
    [Test]
    public async Task Webhook_WhoseMessageFails_IsNotThere()
    {
        await RestartAsync(("Dispatcher:MaximumRegistrations", "1"));
        await using var client = await RegisterAsync("first");
        await client.SendAsync(
            """{"id":1,"create":{"type":"webhook","name":"gh","provider":"none"},"register_to":{"type":"callback","state":"s"}}""");

        (await ReceiveAsync(client)).GetProperty("code").GetString().Should().Be("too_many_registrations");
        (await _client.SendAsync("GET", Webhooks + "/gh")).Status.Should().Be(404);
    }

    [TestCase("""{"type":"webhook","name":"G","provider":"none"}""", "invalid_message")]
    [TestCase("""{"type":"webhook","name":"g","provider":"nobody"}""", "invalid_message")]
    [TestCase("""{"type":"webhook","name":"g","provider":"github"}""", "invalid_message")]
    [TestCase("""{"type":"webhook","name":"g","provider":"none","secrets":["s"]}""", "invalid_message")]
    [TestCase("""{"type":"webhook","name":"g","provider":"none","secret":"s"}""", "invalid_message")]
    [TestCase("""{"type":"webhook","name":"g","provider":"none","methods":[]}""", "invalid_message")]
    [TestCase("""{"type":"webhook","name":"g","provider":"none","path":"g"}""", "not_allowed")]
    [TestCase("""{"type":"webhook","name":"other/g","provider":"none"}""", "invalid_message")]
    public async Task Create_ThatIsWrong_IsAFault(string create, string code)
    {
        await using var client = await ConnectAsync();

        await client.SendAsync($$"""{"id":1,"create":{{create}}}""");

        var fault = await ReceiveAsync(client);
        (fault.GetProperty("type").GetString(), fault.GetProperty("code").GetString()).Should().Be(("error", code));
    }

    [Test]
    public async Task Rotation_OfASecret_HasBothCountUntilTheNext()
    {
        var url = await MakeAsync("gh", """{"provider":"github","secrets":["It's a Secret to Everybody"]}""");

        (await _client.SendAsync("POST", Webhooks + "/gh/rotate", """{"secret":"new"}""")).Body.Should().Contain("\"secrets\":2");
        (await SendAsync(url.AbsolutePath, Hello, Signature)).Status.Should().Be(204);
        (await SendAsync(url.AbsolutePath, Hello, Sign("new"))).Status.Should().Be(204);
        (await _client.SendAsync("POST", Webhooks + "/gh/rotate", """{"secret":"newer"}""")).Status.Should().Be(200);
        (await SendAsync(url.AbsolutePath, Hello, Signature)).Status.Should().Be(401);
        (await SendAsync(url.AbsolutePath, Hello, Sign("newer"))).Status.Should().Be(204);

        var moved = (await _client.SendAsync("POST", Webhooks + "/gh/rotate", """{"url":true}""")).Json.GetProperty("url").GetString()!;
        (await SendAsync(url.AbsolutePath, Hello, Sign("newer"))).Status.Should().Be(404);
        (await SendAsync(new Uri(moved).AbsolutePath, Hello, Sign("newer"))).Status.Should().Be(204);
    }

    [Test]
    public async Task Webhook_OfAnotherTeam_IsNeitherSeenNorChangedNorHeard()
    {
        await RestartAsync(configure: true);
        using var acme = ApiClient.At(_server.Dispatcher, "acme", TestServer.Password);
        using var beta = ApiClient.At(_server.Dispatcher, "beta", TestServer.Password);
        var mine = (await acme.SendAsync("PUT", Webhooks + "/gh", """{"provider":"none"}""")).Json.GetProperty("url").GetString()!;

        (await beta.SendAsync("GET", Webhooks + "/gh")).Status.Should().Be(404);
        (await beta.SendAsync("GET", Webhooks + "/gh?team=acme")).Status.Should().Be(404);
        (await beta.SendAsync("DELETE", Webhooks + "/gh?team=acme")).Status.Should().Be(403);
        (await beta.SendAsync("PUT", Webhooks + "/gh?team=acme", """{"provider":"none"}""")).Status.Should().Be(403);
        (await beta.SendAsync("GET", Webhooks + "?team=acme")).Body.Should().Be("""{"webhooks":[],"next":null}""");
        (await beta.SendAsync("PUT", Webhooks + "/gh", """{"provider":"none"}""")).Status.Should().Be(201, "it is its own");
        await using var stranger = await RegisterAsync("gh", "beta");
        await using var spy = await RegisterAsync("acme/gh", "beta");
        await using var owner = await RegisterAsync("gh", "acme");
        await using var auditor = await RegisterAsync("acme/gh", "auditor");

        (await SendAsync(new Uri(mine).AbsolutePath, Hello)).Status.Should().Be(204);

        (await ReceiveAsync(owner)).GetProperty("name").GetString().Should().Be("gh");
        (await ReceiveAsync(auditor)).GetProperty("name").GetString().Should().Be("gh");
        await NothingMoreAsync(stranger);
        await NothingMoreAsync(spy);
    }

    [Test]
    public async Task Webhook_AfterARestart_IsThereWithItsEventsUnlessTheyWereInMemory()
    {
        var url = await MakeAsync("gh", """{"provider":"github","secrets":["It's a Secret to Everybody"]}""");
        (await SendAsync(url.AbsolutePath, Hello, Signature, "X-B: 1")).Status.Should().Be(204);

        await RestartAsync();

        if (store == "Memory")
        {
            (await SendAsync(url.AbsolutePath, Hello, Signature)).Status.Should().Be(404);
            return;
        }

        await using var client = await RegisterAsync("gh", after: "earliest");
        var got = await ReceiveAsync(client);
        (got.GetProperty("body").GetString(), got.GetProperty("target").GetString()).Should().Be(("Hello, World!", url.AbsolutePath));
        (await SendAsync(url.AbsolutePath, Hello, Signature)).Status.Should().Be(204);
    }

    [Test]
    public async Task Webhook_OfTheSettings_IsListedAndChangedThere()
    {
        await RestartAsync(
            ("Webhooks:gh:Provider", "github"), ("Webhooks:gh:Secrets:0", Secret), ("Webhooks:gh:Path", "chosen"),
            ("Webhooks:mine:Path", "own"), ("Webhooks:mine:Scheme:Header", "X-Sig"), ("Webhooks:mine:Secrets:0", "k"));
        await using var client = await RegisterAsync("gh");

        (await SendAsync("/hook/chosen", Hello, Signature)).Status.Should().Be(204);
        (await ReceiveAsync(client)).GetProperty("verified").GetProperty("scheme").GetString().Should().Be("github");
        (await SendAsync("/hook/own", Hello, "X-Sig: " + Hex("k"))).Status.Should().Be(204);
        (await SendAsync("/hook/own", Hello, "X-Sig: " + Hex("l"))).Status.Should().Be(401);
        (await _client.SendAsync("GET", Webhooks)).Json.GetProperty("webhooks").EnumerateArray()
            .Select(static one => $"{one.GetProperty("name")} {one.GetProperty("origin")}").Should().Equal("gh settings", "mine settings");
        (await _client.SendAsync("DELETE", Webhooks + "/gh")).Code.Should().Be("of_settings");
    }

    private static string Hex(string secret) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Hello));

    private static string Sign(string secret) => "X-Hub-Signature-256: sha256=" + Hex(secret);

    private static async Task<JsonElement> ReceiveAsync(TestClient client)
    {
        var message = await client.ReceiveAsync();
        message.Should().NotBeNull("the server closed with {0}", client.CloseStatus);
        return JsonDocument.Parse(message!).RootElement;
    }

    // Behind what is on its way the answer to another message comes.
    private static async Task NothingMoreAsync(TestClient client)
    {
        await client.SendAsync("{\"id\":\"nothing more\"}");
        (await ReceiveAsync(client)).GetProperty("id").GetString().Should().Be("nothing more");
    }

    private async Task<Uri> MakeAsync(string name, string body)
    {
        var made = await _client.SendAsync("PUT", $"{Webhooks}/{name}", body);
        made.Status.Should().Be(201, made.Body);
        return new Uri(made.Json.GetProperty("url").GetString()!);
    }

    private Task<TestClient> ConnectAsync(string user = "anonymous") =>
        TestClient.ConnectAsync(_server.Dispatcher, user: user, subprotocol: "teal.v2");

    private async Task<TestClient> RegisterAsync(string name, string user = "anonymous", string? after = null)
    {
        var client = await ConnectAsync(user);
        await client.SendAsync(JsonSerializer.Serialize(new { id = 1, register_to = new { type = "webhook", name, after } }));
        (await ReceiveAsync(client)).GetProperty("type").GetString().Should().Be("ack");
        return client;
    }

    private Task<RawResponse> SendAsync(string target, byte[] body, params string[] headers) =>
        RawHttp.SendAsync(_server.Listener, "POST", target, headers, body);

    private async Task<List<int>> StatusesAsync(Uri url, int count)
    {
        var statuses = new List<int>();
        for (var i = 0; i < count; i++) statuses.Add((await SendAsync(url.AbsolutePath, Hello)).Status);
        return statuses;
    }

    private async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await StartAsync(false, settings);
    }

    private async Task RestartAsync(bool configure)
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await StartAsync(configure);
    }

    private async Task StartAsync(bool hasTeams = false, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["Store"] = store, ["DataDirectory"] = _folder.Path };
        foreach (var (key, value) in settings) all[key] = value;
        var teams = TestAccounts.Of(
            TestAccounts.Account("acme", "acme", "create webhook:*", "read webhook:*"),
            TestAccounts.Account("beta", "beta", "create webhook:*", "read webhook:*"),
            TestAccounts.Account("auditor", "auditor", "read-any webhook:*"));
        _server = await TestServer.StartAsync(all, clock: _clock, configure: hasTeams ? teams : null);
        _client = ApiClient.At(_server.Dispatcher, Identity.AnonymousName, TestServer.Password);
    }
}
