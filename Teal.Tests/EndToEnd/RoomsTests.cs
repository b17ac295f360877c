using System.Text;
using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Who fills the journal pays for it alone (specification 7.1), on the memory store and on the embedded one.</summary>
[TestFixture("Memory")]
[TestFixture("Embedded")]
public sealed class RoomsTests(string store)
{
    private readonly TemporaryFolder _folder = new();
    private TestServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await TestServer.StartAsync(new Dictionary<string, string>
    {
        ["Store"] = store,
        ["DataDirectory"] = _folder.Path,
        ["Journal:MaximumSize"] = "1 MiB",
        ["Journal:MaximumMemory"] = "1 MiB",
        ["Journal:UnclaimedSize"] = "64 KiB",
        ["Listener:PowensRedirectFallback"] = "true",
    });

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Flood_OfEventsThatNobodyAskedFor_LeavesAClientThatIsAwayAllOfItsOwn()
    {
        string[] topics =
        [
            """{"type":"openid_ciba_callback","request_id":"mine"}""", """{"type":"powens_domain","powens_domain":"mine"}""",
            """{"type":"callback","state":"B1021mine_s"}""",
        ];
        var cursors = new List<string>();
        await using (var client = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2"))
        {
            foreach (var topic in topics)
            {
                await client.SendAsync($$$"""{"id":1,"register_to":{{{topic}}}}""");
                cursors.Add(JsonDocument.Parse((await client.ReceiveAsync())!).RootElement.GetProperty("cursor").GetString()!);
            }

            // The claim of a topic is written at once; an event tells that it is.
            foreach (var genuine in new[] { SendAsync("mine"), PostAsync("mine", 10), RedirectAsync("mine_s") }) await genuine;
            for (var i = 0; i < topics.Length; i++) await client.ReceiveAsync();
        }

        foreach (var genuine in new[] { SendAsync("mine"), PostAsync("mine", 10), RedirectAsync("mine_s") }) await genuine;
        for (var i = 0; i < 30; i++)
        {
            await SendAsync($"{i}", new string('t', 1000));
            await PostAsync($"stranger{i}", 100_000);
            await RedirectAsync($"stranger{i}", new string('x', 20_000));
        }

        await using var back = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");
        for (var i = 0; i < topics.Length; i++)
        {
            await back.SendAsync($$$"""{"id":1,"register_to":{{{topics[i][..^1]}}},"after":"{{{cursors[i]}}}"}}""");
            string[] types = [.. await TypesAsync(back, 3)];
            types.Should().Equal("ack", types[1], types[1]).And.NotContain("gap");
        }
    }

    [Test]
    public async Task Flood_OfOneStatesOwner_LeavesOthersTheirCallbacks()
    {
        await _server.BindAsync("own");
        await _server.BindAsync("other");
        (await _server.GetAsync("/callback?state=other&n=1")).Status.Should().Be(204);
        for (var i = 0; i < 60; i++) (await _server.GetAsync("/callback?state=own&x=" + new string('a', 60_000))).Status.Should().Be(204);
        (await _server.GetAsync("/callback?state=other&n=2")).Status.Should().Be(204);

        await using var client = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");
        await client.SendAsync("""{"id":1,"register_to":{"type":"callback","state":"other","after":"earliest"}}""");
        (await TypesAsync(client, 3)).Should().Equal("ack", "callback", "callback");
    }

    private static async Task<List<string>> TypesAsync(TestClient client, int count)
    {
        var types = new List<string>();
        while (types.Count < count)
            types.Add(JsonDocument.Parse((await client.ReceiveAsync())!).RootElement.GetProperty("type").GetString()!);
        return types;
    }

    private Task SendAsync(string requestId, string token = "t") =>
        PostAsync("/openid-ciba-callback", $$"""{"auth_req_id":"{{requestId}}"}""", token);

    private Task PostAsync(string domain, int size) => PostAsync($"/powens-webhook/{domain}.biapi.pro/EV", new string('\u0001', size), "t");

    private async Task PostAsync(string path, string body, string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Listener, path))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var response = await http.SendAsync(request).WithinLimit();
        ((int)response.StatusCode).Should().Be(204);
    }

    private async Task RedirectAsync(string state, string filling = "") =>
        (await _server.GetAsync($"/callback?state=B1021{state}&x={filling}")).Status.Should().Be(302);
}
