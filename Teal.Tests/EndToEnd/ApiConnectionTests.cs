using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Who is connected, and how one connection is ended (specification 8.7).</summary>
internal sealed class ApiConnectionTests
{
    private const string Connections = "/api/v1/connections";

    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;
    private ApiClient _local = null!;
    private ApiClient _anna = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _server = await TestServer.StartAsync(new Dictionary<string, string> { ["DataDirectory"] = _folder.Path });
        _local = ApiClient.AtSocketOf(_folder.Path);
        await _local.SendAsync("PUT", "/api/v1/accounts/anna", """{"role":"member","password":"a long password of anna"}""");
        _anna = ApiClient.At(_server.Dispatcher, "anna", "a long password of anna");
    }

    [TearDown]
    public async Task TearDown()
    {
        _anna.Dispose();
        _local.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Connections_OfAClient_TellWhatItIsAndWhatItRegisteredFor()
    {
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");
        await client.SendAsync("""{"id":1,"register_to":{"type":"powens_domain","powens_domain":"budgea"}}""");
        await client.ReceiveAsync();
        await client.SendAsync("""{"id":2,"register_to":{"type":"openid_ciba_callback","request_id":"r"}}""");
        await client.ReceiveAsync();
        await using var classic = await TestClient.ConnectAsync(_server.Dispatcher);

        await Eventually.HoldsAsync(
            async () => (await ListAsync(_local)).Count(static one => one.GetProperty("topics").ValueKind == JsonValueKind.Object) == 2,
            "two connections whose messages are done");
        var listed = await ListAsync(_local);

        listed[0].GetProperty("account").GetString().Should().Be("anonymous");
        listed[0].GetProperty("key_id").ValueKind.Should().Be(JsonValueKind.Null);
        listed[0].GetProperty("protocol").GetString().Should().Be("teal.v2");
        listed[0].GetProperty("since").GetDateTime().Should().BeCloseTo(RealClock.Now, TimeSpan.FromMinutes(1));
        listed[0].GetProperty("address").ValueKind.Should().Be(JsonValueKind.Null);
        listed[0].GetProperty("topics").GetRawText().Should().Be("""{"powens":1,"ciba":1}""");
        listed[0].GetProperty("waiting").GetInt64().Should().Be(0);
        listed[1].GetProperty("protocol").GetString().Should().Be("classic");
        var id = listed[0].GetProperty("id").GetString();
        (await _local.SendAsync("GET", $"{Connections}/{id}")).Body.Should().Be(listed[0].GetRawText());
    }

    [Test]
    public async Task Connection_ThatIsEnded_IsClosedWith1008AndIsGone()
    {
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher);
        await Eventually.HoldsAsync(async () => (await ListAsync(_local)).Length == 1, "a connection");
        var id = (await ListAsync(_local))[0].GetProperty("id").GetString();

        (await _local.SendAsync("DELETE", $"{Connections}/{id}")).Status.Should().Be(204);

        (await client.ReceiveAsync()).Should().BeNull();
        ((int?)client.CloseStatus).Should().Be(1008);
        await Eventually.HoldsAsync(
            async () => (await _local.SendAsync("DELETE", $"{Connections}/{id}")).Status == 404, "no such connection");
        _server.Log.Lines.Should().Contain(line => line.Text.StartsWith(
            $"@local ended the connection {id} of anonymous (from teal.sock", StringComparison.Ordinal));
    }

    [Test]
    public async Task Connections_OfOthers_AreNotThereForAnAccount()
    {
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher);
        await Eventually.HoldsAsync(async () => (await ListAsync(_local)).Length == 1, "a connection");
        var id = (await ListAsync(_local))[0].GetProperty("id").GetString();

        (await ListAsync(_anna)).Should().BeEmpty();
        (await _anna.SendAsync("GET", $"{Connections}/{id}")).Status.Should().Be(404);
        (await _anna.SendAsync("DELETE", $"{Connections}/{id}")).Status.Should().Be(404);
        client.CloseStatus.Should().BeNull();
    }

    [Test]
    public async Task Connections_ForWhoCameWithAKey_AreThoseOfTheKey()
    {
        var key = (await _anna.SendAsync("POST", "/api/v1/keys", """{"label":"k"}""")).Json.GetProperty("key").GetString()!;
        using var withKey = ApiClient.At(_server.Dispatcher, key);
        await using var own = await TestClient.ConnectAsync(_server.Dispatcher, "a long password of anna", user: "anna");
        await using var ofKey = await TestClient.ConnectAsync(_server.Dispatcher, key, user: "anna");
        await Eventually.HoldsAsync(async () => (await ListAsync(_anna)).Length == 2, "two connections");

        var listed = await ListAsync(withKey);

        listed.Should().ContainSingle().Which.GetProperty("key_id").GetString().Should().Be(key[5..13]);
    }

    [Test]
    public async Task Connections_InPages_AreEachThereOnce()
    {
        var clients = new List<TestClient>();
        for (var i = 0; i < 5; i++) clients.Add(await TestClient.ConnectAsync(_server.Dispatcher));
        await Eventually.HoldsAsync(async () => (await ListAsync(_local)).Length == 5, "five connections");
        var seen = new List<string?>();
        for (var path = $"{Connections}?limit=2"; ;)
        {
            var page = (await _local.SendAsync("GET", path)).Json;
            seen.AddRange(page.GetProperty("connections").EnumerateArray().Select(static one => one.GetProperty("id").GetString()));
            if (page.GetProperty("next").GetString() is not { } next) break;
            path = $"{Connections}?limit=2&after={next}";
        }

        seen.Should().HaveCount(5).And.OnlyHaveUniqueItems().And.BeInAscendingOrder(StringComparer.Ordinal);
        foreach (var client in clients) await client.DisposeAsync();
    }

    private static async Task<JsonElement[]> ListAsync(ApiClient client) =>
        [.. (await client.SendAsync("GET", Connections)).Json.GetProperty("connections").EnumerateArray()];
}
