using System.Text.RegularExpressions;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Accounts are managed while Teal runs (specification 8.2).</summary>
internal sealed class ApiAccountTests
{
    private const string Accounts = "/api/v1/accounts", Anna = "/api/v1/accounts/anna", Password = "a long password of anna";

    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;
    private ApiClient _local = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["DataDirectory"] = _folder.Path,
            ["Accounts:carol:Role"] = "reader",
            ["Dispatcher:GuessDelay"] = "0 s",
        });
        _local = ApiClient.AtSocketOf(_folder.Path);
    }

    [TearDown]
    public async Task TearDown()
    {
        _local.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Account_ThatIsPut_IsShownAndComesIn()
    {
        var made = await _local.SendAsync("PUT", Accounts + "/ANNA", $$"""
            {"team":"Shop","role":"member","permissions":["reveal"],"redirects":["https://app.example.org/*"],
             "claims":{"employeeId":"baker-001"},"password":"{{Password}}"}
            """);

        made.Status.Should().Be(201);
        Regex.Replace(made.Body, "\"20[^\"]*Z\"", "WHEN").Should().Be(
            """{"name":"anna","origin":"store","team":"shop","role":"member","permissions":["reveal"],"redirects":["https://app.example.org/*"],"claims":{"employeeId":"baker-001"},"enabled":true,"has_password":true,"password_set_at":WHEN}""");
        var shown = await _local.SendAsync("GET", Anna);
        shown.Body.Should().Be(made.Body);
        shown.Headers["ETag"].Should().MatchRegex("^\"[0-9]+\"$");
        using var anna = ApiClient.At(_server.Dispatcher, "anna", Password);
        (await anna.SendAsync("GET", Anna)).Body.Should().Be(made.Body, "one's own");
        (await anna.SendAsync("GET", Accounts + "/carol")).Status.Should().Be(403);
        (await anna.SendAsync("GET", Accounts + "/nobody")).Status.Should().Be(403);
    }

    [Test]
    public async Task Account_ThatIsPutAgain_IsReplacedAndKeepsItsPassword()
    {
        await PutAsync("""{"role":"member","claims":{"a":"b"}}""");

        var replaced = await _local.SendAsync("PUT", Anna, """{"enabled":false}""");

        replaced.Status.Should().Be(200);
        replaced.Body.Should().Contain("\"role\":null").And.Contain("\"claims\":{}").And.Contain("\"enabled\":false")
            .And.Contain("\"has_password\":true");
        (await LogInAsync(Password)).Should().Be(401);
    }

    [Test]
    public async Task Put_WithAPassword_ChangesThatToo()
    {
        await PutAsync("{}");

        (await _local.SendAsync("PUT", Anna, """{"password":"another long password"}""")).Status.Should().Be(200);

        (await LogInAsync(Password)).Should().Be(401);
        (await LogInAsync("another long password")).Should().Be(200);
    }

    [Test]
    public async Task Put_WithACondition_HoldsItOrDoesNothing()
    {
        var etag = (await PutAsync("{}")).Headers["ETag"];

        var taken = await _local.SendAsync("PUT", Anna, """{"role":"admin"}""", headers: "If-None-Match: *");
        (taken.Status, taken.Code).Should().Be((412, "taken"));
        (await _local.SendAsync("PUT", Anna, """{"role":"member"}""", headers: $"If-Match: {etag}")).Status.Should().Be(200);
        var stale = await _local.SendAsync("PUT", Anna, """{"role":"admin"}""", headers: $"If-Match: {etag}");
        (stale.Status, stale.Code).Should().Be((412, "conflict"));
        (await _local.SendAsync("PUT", Accounts + "/bob", "{}", headers: "If-Match: \"1\"")).Status.Should().Be(404);
        foreach (var condition in new[] { "If-Match: *", "If-Match: 1", "If-Match: \"x\"", "If-None-Match: \"1\"" })
            (await _local.SendAsync("PUT", Anna, "{}", headers: condition)).Status.Should().Be(400, condition);
        (await _local.SendAsync("GET", Anna)).Body.Should().Contain("\"role\":\"member\"");
    }

    [TestCase("""{"role":"king"}""", "Role must be")]
    [TestCase("""{"team":"a b"}""", "Team must be 1 to 64 letters")]
    [TestCase("""{"team":"\u212Aiosk"}""", "Team must be 1 to 64 letters")]
    [TestCase("""{"permissions":["fly"]}""", "Permissions permission 1 must begin with one of")]
    [TestCase("""{"redirects":["ftp://x"]}""", "Redirects")]
    [TestCase("""{"claims":{"a b":"c"}}""", "Claims must be")]
    [TestCase("""{"password":""}""", "The password must have 1 to 1024 characters.")]
    [TestCase("""{"roll":"member"}""", "\"roll\" is not known here")]
    [TestCase("""{"name":"anna"}""", "\"name\" is not known here")]
    [TestCase("""{"password_hash":"$pbkdf2"}""", "\"password_hash\" is not known here")]
    public async Task Put_OfWhatIsWrong_Has400AndMakesNothing(string body, string detail)
    {
        var answer = await _local.SendAsync("PUT", Anna, body);

        (answer.Status, answer.Code).Should().Be((400, "invalid_message"));
        answer.Detail.Should().Contain(detail);
        (await _local.SendAsync("GET", Anna)).Status.Should().Be(404);
    }

    [TestCase("a%20b")]
    [TestCase("-a")]
    [TestCase("%40local")]
    [TestCase("%E2%84%AA")]
    [TestCase("a%2Fb")]
    public async Task Put_OfANameThatNoAccountCanHave_Has400(string name)
    {
        (await _local.SendAsync("PUT", $"{Accounts}/{name}", "{}")).Status.Should().Be(400);
        (await _local.SendAsync("GET", $"{Accounts}/{name}")).Status.Should().Be(404);
        (await _local.SendAsync("DELETE", $"{Accounts}/{name}")).Status.Should().Be(404);
    }

    [TestCase("PUT", "/carol", "{}")]
    [TestCase("PUT", "/carol/password", """{"password":"x"}""")]
    [TestCase("DELETE", "/carol", null)]
    [TestCase("DELETE", "/carol/password", null)]
    public async Task Account_OfTheSettings_IsChangedThere(string method, string path, string? body)
    {
        var answer = await _local.SendAsync(method, Accounts + path, body);

        (answer.Status, answer.Code).Should().Be((409, "of_settings"));
        answer.Detail.Should().Contain("stands in the settings");
    }

    [Test]
    public async Task Put_OfAnonymous_IsForTheSettings()
    {
        var answer = await _local.SendAsync("PUT", Accounts + "/anonymous", "{}");

        (answer.Status, answer.Code).Should().Be((409, "of_settings"));
        answer.Detail.Should().Contain("Dispatcher:Password");
    }

    [Test]
    public async Task Accounts_OfBothPlaces_AreListedInPagesByName()
    {
        await PutAsync("{}");
        await _local.SendAsync("PUT", Accounts + "/dora", "{}");

        var first = (await _local.SendAsync("GET", Accounts + "?limit=3")).Json;
        var second = (await _local.SendAsync("GET", $"{Accounts}?limit=3&after={first.GetProperty("next").GetString()}")).Json;

        first.GetProperty("accounts").EnumerateArray().Concat(second.GetProperty("accounts").EnumerateArray())
            .Select(static account => $"{account.GetProperty("name")} {account.GetProperty("origin")}").Should().Equal(
                "anna store", "anonymous settings", "carol settings", "dora store");
        second.GetProperty("next").GetString().Should().BeNull();
    }

    [Test]
    public async Task Account_ThatIsRemoved_IsGoneWithItsKeys()
    {
        await PutAsync("""{"role":"member"}""");
        using var anna = ApiClient.At(_server.Dispatcher, "anna", Password);
        var key = (await anna.SendAsync("POST", "/api/v1/keys", """{"label":"k"}""")).Json.GetProperty("key").GetString()!;

        (await _local.SendAsync("DELETE", Anna)).Status.Should().Be(204);

        (await _local.SendAsync("DELETE", Anna)).Status.Should().Be(404);
        (await LogInAsync(Password)).Should().Be(401);
        await PutAsync("""{"role":"member"}""");
        using var withKey = ApiClient.At(_server.Dispatcher, key);
        (await withKey.SendAsync("GET", Anna)).Status.Should().Be(401, "another account of the same name");
    }

    [Test]
    public async Task Password_ThatIsSetAndRemoved_CountsAtOnce()
    {
        await PutAsync("{}");

        (await _local.SendAsync("PUT", Anna + "/password", """{"password":"another long password"}""")).Status.Should().Be(204);
        (await LogInAsync(Password)).Should().Be(401);
        (await LogInAsync("another long password")).Should().Be(200);
        (await _local.SendAsync("DELETE", Anna + "/password")).Status.Should().Be(204);
        (await LogInAsync("another long password")).Should().Be(401);
        (await _local.SendAsync("PUT", Anna + "/password", "{}")).Detail.Should().Be("\"password\" must be there.");
        (await _local.SendAsync("PUT", Accounts + "/nobody/password", """{"password":"x"}""")).Status.Should().Be(404);
    }

    [Test]
    public async Task Administrator_OverHttp_ManagesAccountsAndTheLogSaysWho()
    {
        await PutAsync("""{"role":"admin"}""");
        using var anna = ApiClient.At(_server.Dispatcher, "anna", Password);

        var added = await anna.SendAsync("PUT", Accounts + "/bob", """
            {"role":"member","permissions":["read callback:s3cr3t"],"claims":{"a":"s3cr3t"},"password":"s3cr3t-password"}
            """);
        added.Status.Should().Be(201);
        (await anna.SendAsync("PUT", Accounts + "/bob/password", """{"password":"s3cr3t-again"}""")).Status.Should().Be(204);
        (await anna.SendAsync("DELETE", Accounts + "/bob")).Status.Should().Be(204);

        _server.Log.Lines.Where(static line => line.Id.Id == 10001).Select(static line => line.Text.Split(", request")[0]).Should().Equal(
            "@local added the account anna: team anna, role admin, permissions of its own: none; redirects: 0, claims: none; enabled, " +
            "with a password (from teal.sock",
            "anna added the account bob: team bob, role member, permissions of its own: read callback; redirects: 0, claims: a; enabled, " +
            "with a password (from 127.0.0.1",
            "anna set the password of the account bob (from 127.0.0.1",
            "anna removed the account bob (from 127.0.0.1");
        _server.Log.Lines.Should().NotContain(static line => line.Text.Contains("s3cr3t", StringComparison.Ordinal));
    }

    private async Task<ApiReply> PutAsync(string body)
    {
        var made = await _local.SendAsync("PUT", Anna, $"{body[..^1]}{(body == "{}" ? "" : ",")}\"password\":\"{Password}\"}}");
        made.Status.Should().Be(201, made.Body);
        return made;
    }

    private async Task<int> LogInAsync(string password)
    {
        using var client = ApiClient.At(_server.Dispatcher, "anna", password);
        return (await client.SendAsync("GET", Anna)).Status;
    }
}
