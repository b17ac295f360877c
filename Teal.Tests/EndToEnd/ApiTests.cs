using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>What holds for all of the API, whatever is asked for.</summary>
internal sealed class ApiTests
{
    private const string Status = "/api/v1/status", Purge = "/api/v1/purge";

    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;
    private ApiClient _client = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _server = await TestServer.StartAsync(new Dictionary<string, string> { ["DataDirectory"] = _folder.Path });
        _client = ApiClient.AtSocketOf(_folder.Path);
    }

    [TearDown]
    public async Task TearDown()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("GET", Status, 200)]
    [TestCase("GET", "/api/v1/nothing", 404)]
    [TestCase("GET", "/api/v1", 404)]
    [TestCase("DELETE", Status, 405)]
    public async Task Answer_OfAnyKind_IsNotStoredAndHasTheRequestsId(string method, string path, int status)
    {
        var answer = await _client.SendAsync(method, path, headers: "X-Request-ID: mine-1");

        answer.Status.Should().Be(status);
        answer.MediaType.Should().Be(status < 400 ? "application/json" : "application/problem+json");
        answer.Headers["Cache-Control"].Should().Be("no-store");
        answer.Headers["X-Request-ID"].Should().Be("mine-1");
        answer.Headers["X-Content-Type-Options"].Should().Be("nosniff");
        if (status >= 400) answer.Json.GetProperty("status").GetInt32().Should().Be(status);
    }

    [Test]
    public async Task Head_OfWhatCanBeRead_IsTheSameWithoutABody()
    {
        var answer = await _client.SendAsync("HEAD", Status);

        (answer.Status, answer.MediaType, answer.Body).Should().Be((200, "application/json", ""));
        long.Parse(answer.Headers["Content-Length"]).Should().BePositive();
    }

    [TestCase("DELETE", Status, "GET, HEAD")]
    [TestCase("HEAD", Purge, "POST")]
    [TestCase("GET", Purge, "POST")]
    [TestCase("TRACE", Purge, "POST")]
    [TestCase("NONSENSE", Purge, "POST")]
    public async Task Method_ThatIsNotThere_Has405WithThoseThatAre(string method, string path, string allow)
    {
        var answer = await _client.SendAsync(method, path);

        answer.Status.Should().Be(405);
        answer.Headers["Allow"].Should().Be(allow);
        if (method != "HEAD") answer.Code.Should().Be("method_not_allowed");
    }

    [TestCase(Status + "?x=1", "The query parameter \"x\" is not known here; there is none.")]
    [TestCase(Status + "?credentials=YTpi", "The query parameter \"credentials\" is not known here; there is none.")]
    public async Task Query_WithWhatIsNotKnown_Has400(string path, string detail)
    {
        var answer = await _client.SendAsync("GET", path);

        (answer.Status, answer.Code, answer.Detail).Should().Be((400, "invalid_message", detail));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("application/json; charset=utf-16")]
    [TestCase(null)]
    public async Task Body_OfAnotherMediaType_Has415(string? type)
    {
        var answer = await _client.SendAsync("POST", Purge, "{\"all\":true}", type);

        (answer.Status, answer.Code).Should().Be((415, "unsupported_media_type"));
    }

    [TestCase("application/json; charset=UTF-8")]
    [TestCase("Application/JSON")]
    public async Task Body_OfTheMediaTypeInAnyForm_IsRead(string type) =>
        (await _client.SendAsync("POST", Purge, "{\"all\":true}", type)).Status.Should().Be(200);

    [TestCase(true)]
    [TestCase(false)]
    public async Task Body_ThatIsTooLong_Has413(bool saysItsLength)
    {
        var body = $"{{\"topics\":[\"callback:{new string('x', 70_000)}\"]}}";

        var answer = await _client.SendAsync(
            "POST", Purge, body, headers: saysItsLength ? "X-Nothing: 1" : "Transfer-Encoding: chunked");

        (answer.Status, answer.Code).Should().Be((413, "too_large"));
        answer.Detail.Should().Contain("65536");
    }

    [Test]
    public async Task Body_WithAContentEncoding_Has415() =>
        (await _client.SendAsync("POST", Purge, "{}", headers: "Content-Encoding: gzip")).Status.Should().Be(415);

    [TestCase("", "The body must be one JSON object")]
    [TestCase("{}", "either \"all\": true or \"topics\"")]
    [TestCase("{\"all\":false}", "either \"all\": true or \"topics\"")]
    [TestCase("{\"all\":true,\"topics\":[\"callback:s\"]}", "either \"all\": true or \"topics\"")]
    [TestCase("{\"topics\":[]}", "either \"all\": true or \"topics\"")]
    [TestCase("{\"topics\":[\"s\"]}", "where KIND is one of callback, ciba, powens")]
    [TestCase("{\"topics\":[\"callback:\"]}", "where KIND is one of callback, ciba, powens")]
    [TestCase("{\"topics\":[\":s\"]}", "where KIND is one of callback, ciba, powens")]
    [TestCase("{\"topics\":[\"nothing:s\"]}", "where KIND is one of callback, ciba, powens")]
    [TestCase("{\"all\":true,\"tpics\":[]}", "\"tpics\" is not known here; there is all, topics.")]
    public async Task Purge_OfWhatIsNotSaid_Has400AndForgetsNothing(string body, string detail)
    {
        await _server.BindAsync("s");
        await _server.GetAsync("/callback?state=s");

        var answer = await _client.SendAsync("POST", Purge, body);

        (answer.Status, answer.Code).Should().Be((400, "invalid_message"));
        answer.Detail.Should().Contain(detail);
        (await EventsAsync()).Should().Be(1);
    }

    [Test]
    public async Task Purge_OfTooManyTopics_Has400()
    {
        var topics = string.Join(',', Enumerable.Range(0, 101).Select(static number => $"\"callback:{number}\""));

        (await _client.SendAsync("POST", Purge, $"{{\"topics\":[{topics}]}}")).Detail.Should().Contain("at most 100");
    }

    [TestCase("{\"all\":true}", 2)]
    [TestCase("{\"topics\":[\"callback:s\"]}", 1)]
    [TestCase("{\"topics\":[\"callback:s\",\"callback:a:b\"]}", 2)]
    [TestCase("{\"topics\":[\"ciba:s\",\"powens:s\"]}", 0)]
    public async Task Purge_InMemory_ForgetsWhatIsNamed(string body, int events)
    {
        foreach (var state in new[] { "s", "a:b" })
        {
            await _server.BindAsync(state);
            (await _server.GetAsync($"/callback?state={state}")).Status.Should().Be(204);
        }

        (await _client.SendAsync("POST", Purge, body)).Body.Should().Be($"{{\"events\":{events}}}");

        (await EventsAsync()).Should().Be(2 - events);
    }

    private async Task<long> EventsAsync() =>
        (await _client.SendAsync("GET", Status)).Json.GetProperty("journal").GetProperty("events").GetInt64();
}
