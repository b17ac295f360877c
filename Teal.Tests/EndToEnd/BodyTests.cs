using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Teal.Listener.Http;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Request bodies of strangers: what they may take, and what comes of those that break (specification 7.1).</summary>
public sealed class BodyTests
{
    private const string Ciba = "/openid-ciba-callback",
        Webhook = "/powens-webhook/budgea.biapi.pro/X", Chunked = "Transfer-Encoding: chunked";
    private const int KiB = 1024;

    private TestServer _server = null!;

    private long Taken => _server.Services.GetRequiredService<BodyBudget>().Taken;

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Bodies_OfMoreThanTheBudget_AreRefusedAndNobodyElseSuffers()
    {
        await StartAsync(("Listener:BodyBudget", "2 MiB"));
        await _server.BindAsync("s", "https://example.org/");
        var large = new List<RawConnection>();
        for (var i = 0; i < 4; i++)
            large.Add(await RawConnection.SendAsync(
                _server.Listener, Post(Webhook, $"Content-Length: {KiB * KiB}") + new string('x', 900 * KiB)));

        // Two of them fit.
        var refused = await Task.WhenAny(large.Select(static connection => connection.ReadAnswerAsync())).WithinLimit().Unwrap();

        refused.Status.Should().Be(503);
        refused["Retry-After"].Should().Be("5");
        refused["Connection"].Should().Be("close");
        Taken.Should().BeLessThanOrEqualTo(2 * KiB * KiB);
        for (var i = 0; i < 20; i++) (await PostAsync(Webhook, new string('x', 20 * KiB))).Status.Should().Be(204);
        (await _server.GetAsync("/callback?state=s")).Status.Should().Be(302);
        foreach (var connection in large) connection.Dispose();
        await Eventually.HoldsAsync(() => Taken == 0, "a budget that is whole again");
        _server.Log.Lines.Where(static line => line.Id.Id == 2032).Should().ContainSingle().Which.Level.Should().Be(LogLevel.Warning);
    }

    [Test]
    public async Task Body_AnsweredInWhateverWay_GivesBackWhatItTook()
    {
        await StartAsync();
        foreach (var (path, body, status) in new[]
        {
            (Ciba, "{\"auth_req_id\":\"r\"}", 204),
            (Ciba, "no", 400),
            (Webhook, "yes", 204),
            (Webhook, "\u00ff", 400),
            (Webhook, "", 204),
        })
            (await PostAsync(path, body)).Status.Should().Be(status);

        await Eventually.HoldsAsync(() => Taken == 0, "a budget that is whole again");
    }

    [Test]
    public async Task Body_NotWholeInTime_Gets408HoweverSteadilyItComes()
    {
        await StartAsync(("Http:BodyTimeout", "1 s"), ("Http:MinimumBodyRate", "1 B"));
        using var connection = await RawConnection.SendAsync(_server.Listener, Post(Webhook, "Content-Length: 1000000"));
        var answering = connection.ReadAnswerAsync();
        try
        {
            while (!answering.IsCompleted)
            {
                await connection.SendAsync("x");
                await Task.WhenAny(answering, Task.Delay(50));
            }
        }
        catch (IOException)
        {
            // The server has closed the connection.
        }

        var answer = await answering;
        answer.Status.Should().Be(408);
        answer["Connection"].Should().Be("close");
        answer.Body.Should().Be("Request Timeout\n");
        Taken.Should().Be(0);
    }

    [TestCase(64 * KiB, 204)]
    [TestCase((64 * KiB) + 1, 413)]
    public async Task CibaBody_OfTheirLimit_IsTakenAndALongerOneNot(int length, int status)
    {
        await StartAsync();
        const string Start = "{\"auth_req_id\":\"r\",\"x\":\"", End = "\"}";
        var body = Start + new string('x', length - Start.Length - End.Length) + End;

        (await PostAsync(Ciba, body)).Status.Should().Be(status);
    }

    [Test]
    public async Task CibaBody_InChunksOverTheirLimit_Gets413()
    {
        await StartAsync();
        var chunk = $"4000\r\n{new string(' ', 0x4000)}\r\n";

        (await SendAsync(Post(Ciba, Chunked) + string.Concat(Enumerable.Repeat(chunk, 5)))).Should().StartWith("HTTP/1.1 413 ");
    }

    [Test]
    public async Task CibaBody_WithALimitOfItsOwn_IsBoundedByThat()
    {
        await StartAsync(("Listener:MaximumCibaBodySize", "100 B"));

        (await PostAsync(Ciba, "{\"auth_req_id\":\"r\"}")).Status.Should().Be(204);
        (await PostAsync(Ciba, new string(' ', 101))).Status.Should().Be(413);
        (await PostAsync(Webhook, new string(' ', 101))).Status.Should().Be(204);
    }

    [Test]
    public async Task Keys_ThatNobodyCanRegisterFor_Get400()
    {
        await StartAsync(("Listener:PowensRedirectFallback", "true"));
        var longest = new string('x', 4096);

        (await PostAsync(Ciba, $"{{\"auth_req_id\":\"{longest}\"}}")).Status.Should().Be(204);
        var id = await PostAsync(Ciba, $"{{\"auth_req_id\":\"{longest}x\"}}");
        (id.Status, id.Body).Should().Be((400, "Invalid payload\n"));

        (await PostAsync($"/powens-webhook/{longest[10..]}.biapi.pro/X", "")).Status.Should().Be(204);
        var domain = await PostAsync($"/powens-webhook/{longest[9..]}.biapi.pro/X", "");
        (domain.Status, domain.Body).Should().Be((400, "Webhook misconfiguration: the domain is longer than 4096 bytes\n"));

        (await _server.GetAsync($"/callback?state=B1001www.example.org_{longest[21..]}")).Status.Should().Be(302);
        var state = await _server.GetAsync($"/callback?state=B1001www.example.org_{longest[20..]}");
        (state.Status, state.Body).Should().Be((400, "State too long\n"));
        (await _server.GetAsync($"/callback?state=!{longest}")).Status.Should().Be(404);
    }

    // What comes back: the status, or nothing where the connection is gone.
    [TestCase("a chunk size that no int holds", Chunked, "80000000\r\n", 400)]
    [TestCase("the largest such", Chunked, "FFFFFFFF\r\n", 400)]
    [TestCase("a negative chunk size", Chunked, "-1\r\n", 400)]
    [TestCase("a chunk size that is none", Chunked, "zz\r\n", 400)]
    [TestCase("a chunk size of many digits", Chunked, "00000000000000000001\r\nx\r\n0\r\n\r\n", 400)]
    [TestCase("a chunk without its end", Chunked, "2\r\nxxxx\r\n0\r\n\r\n", 400)]
    [TestCase("a bare line feed in an extension", Chunked, "2;a\nxx\r\n0\r\n\r\n", 400)]
    [TestCase("a bare carriage return in an extension", Chunked, "2;a\rb\r\nxx\r\n0\r\n\r\n", 400)]
    [TestCase("an extension", Chunked, "2;a=\"b\"\r\nxx\r\n0\r\n\r\n", 204)]
    [TestCase("a trailer without a colon", Chunked, "2\r\nxx\r\n0\r\nno colon\r\n\r\n", 400)]
    [TestCase("a trailer", Chunked, "2\r\nxx\r\n0\r\na: b\r\n\r\n", 204)]
    [TestCase("a trailer that is no UTF-8", Chunked, "2\r\nxx\r\n0\r\na: \u00ce1\r\n\r\n", 204)]
    [TestCase("a trailer of the server's own, that is no UTF-8", Chunked, "2\r\nxx\r\n0\r\nAccept: \u00ce1\r\n\r\n", 204)]
    [TestCase("a zero byte in a trailer", Chunked, "2\r\nxx\r\n0\r\na: b\0c\r\n\r\n", 204)]
    [TestCase("a carriage return in a trailer", Chunked, "2\r\nxx\r\n0\r\na: b\rc\r\n\r\n", 400)]
    [TestCase("another transfer coding", "Transfer-Encoding: gzip", "xx", 400)]
    [TestCase("chunks that are not the last coding", "Transfer-Encoding: chunked, gzip", "0\r\n\r\n", 400)]
    [TestCase("a length with a sign", "Content-Length: +2", "xx", 400)]
    [TestCase("a length of minus nothing", "Content-Length: -0", "", 400)]
    [TestCase("a length that is none", "Content-Length: 0x2", "xx", 400)]
    [TestCase("a length that no long holds", "Content-Length: 99999999999999999999999", "xx", 400)]
    [TestCase("a length that is empty", "Content-Length:", "xx", 400)]
    [TestCase("two lengths", "Content-Length: 2\r\nContent-Length: 2", "xx", 400)]
    [TestCase("a list of lengths", "Content-Length: 2, 2", "xx", 400)]
    [TestCase("a length with zeros before it", "Content-Length: 02", "xx", 204)]
    [TestCase("a length beside chunks", "Content-Length: 3\r\n" + Chunked, "2\r\nxx\r\n0\r\n\r\n", 204)]
    [TestCase("a length over the limit", "Content-Length: 1048577", "x", 413)]
    public async Task Body_Malformed_GetsItsStatusAndIsNoErrorOfTheServers(string what, string header, string body, int status)
    {
        await StartAsync();
        foreach (var path in new[] { Webhook, "/nothing", Ciba })
        {
            // What is not read is not looked at, but for the head.
            var answer = await SendAsync(Post(path, header, "Connection: close") + body);
            if (path == Webhook) answer.Should().StartWith($"HTTP/1.1 {status} ", what);
            if (status != 204) CountAnswers(answer).Should().BeLessThanOrEqualTo(1, what);
        }

        (await _server.GetAsync("/health/live")).Status.Should().Be(200);
        await LogsNothingFromWarningOnAsync();
    }

    [TestCase("Content-Length: 1000", "xx")]
    [TestCase("Content-Length: 1000", "")]
    [TestCase(Chunked, "100\r\nxx")]
    [TestCase(Chunked, "1")]
    [TestCase(Chunked, "")]
    public async Task Body_WhoseConnectionBreaks_IsNoErrorOfTheServers(string header, string body)
    {
        await StartAsync();
        foreach (var path in new[] { Webhook, Ciba, "/nothing", "/callback" })
        {
            foreach (var headers in new[] { Post(path, header), Post(path, header).Replace("Bearer", "Basic", StringComparison.Ordinal) })
            {
                var reset = await RawConnection.SendAsync(_server.Listener, headers + body);
                if (body.Length > 0 && path == Webhook && headers.Contains("Bearer", StringComparison.Ordinal) && header != Chunked)
                    await Eventually.HoldsAsync(() => Taken > 0, "a body on its way");
                reset.Reset();

                using var ended = await RawConnection.SendAsync(_server.Listener, headers + body);
                ended.EndSending();
                CountAnswers(await ended.ReadToEndAsync()).Should().BeLessThanOrEqualTo(1);
            }
        }

        await Eventually.HoldsAsync(() => Taken == 0, "a budget that is whole again");
        (await _server.GetAsync("/health/live")).Status.Should().Be(200);
        await LogsNothingFromWarningOnAsync();
    }

    [TestCase("Content-Length: 20", """{"auth_req_id":"r1"}""", 1)]
    [TestCase(Chunked, "14\r\n{\"auth_req_id\":\"r1\"}\r\n0\r\n\r\n", 1)]
    [TestCase("Content-Length: 20", """{"auth_req_id":"r1"}""", 3)]
    public async Task Requests_BehindWhichTheSenderSendsNoMore_AreAnswered(string header, string body, int requests)
    {
        await StartAsync();
        for (var i = 0; i < 30; i++)
        {
            using var connection = await RawConnection.SendAsync(
                _server.Listener, string.Concat(Enumerable.Repeat(Post(Ciba, header) + body, requests)));
            connection.EndSending();

            CountAnswers(await connection.ReadToEndAsync()).Should().Be(requests);
        }

        (await RawConnection.SendAsync(_server.Listener, Post(Ciba, header) + body[..^4])).EndSending();
        await LogsNothingFromWarningOnAsync();
    }

    [Test]
    public async Task Body_Expected_IsAskedForOnlyWhereItIsRead()
    {
        await StartAsync();
        using (var connection = await RawConnection.SendAsync(
            _server.Listener, Post(Webhook, "Content-Length: 2", "Expect: 100-continue", "Connection: close")))
        {
            (await connection.ReadAsync(25)).Should().Be("HTTP/1.1 100 Continue\r\n\r\n");
            await connection.SendAsync("xx");
            (await connection.ReadAnswerAsync()).Status.Should().Be(204);
        }

        (string Head, int Status)[] refused =
        [
            (Post(Ciba, "Content-Length: 100000000", "Expect: 100-continue"), 413),
            (Post(
                Ciba, "Content-Length: 2", "Expect: 100-continue",
                "Connection: close").Replace("Bearer", "Basic", StringComparison.Ordinal), 401),
        ];
        foreach (var (head, status) in refused)
        {
            using var connection = await RawConnection.SendAsync(_server.Listener, head);
            (await connection.ReadAsync(12)).Should().Be($"HTTP/1.1 {status}");
        }
    }

    [Test]
    public async Task Body_OfHttp10_NeedsItsLength()
    {
        await StartAsync();

        (await SendAsync(Post(Webhook, "Content-Length: 2").Replace("1.1", "1.0", StringComparison.Ordinal) + "xx"))
            .Should().StartWith("HTTP/1.1 204 ");
        (await SendAsync(Post(Webhook).Replace("1.1", "1.0", StringComparison.Ordinal) + "xx")).Should().StartWith("HTTP/1.1 400 ");
        await LogsNothingFromWarningOnAsync();
    }

    [Test]
    public async Task Requests_BehindABody_AreReadFromBehindItAlone()
    {
        await StartAsync();
        const string Next = "GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        // Whole bodies, read or not, are passed over to their last byte.
        foreach (var first in new[]
        {
            Post(Webhook, "Content-Length: 2") + "xx",
            Post(Webhook, Chunked) + "2\r\nxx\r\n0\r\n\r\n",
            Post("/nothing", $"Content-Length: {Next.Length}") + Next,
        })
            CountAnswers(await SendAsync(first + Next)).Should().Be(2, first);

        // Of what is behind one that was not taken nobody knows where it begins.
        foreach (var first in new[]
        {
            Post(Webhook, Chunked) + "80000000\r\n",
            Post(Webhook, Chunked) + "zz\r\n",
            Post(Webhook, "Content-Length: 1048577"),
            Post(Ciba, "Content-Length: 70000"),
        })
            CountAnswers(await SendAsync(first + Next)).Should().Be(1, first);
    }

    [Test]
    public async Task Stop_WithUnfinishedBodies_AnswersThem503AndIsNotHeldUp()
    {
        await StartAsync();
        var client = await TestClient.ConnectAsync(_server.Dispatcher);
        string[] unfinished =
        [
            Post(Webhook, "Content-Length: 1000000") + new string('x', 9000), Post(Webhook, "Content-Length: 1000000"),
            Post(Webhook, Chunked) + "ffff\r\nxx", Post(Ciba, "Content-Length: 100"),
        ];
        var connections = new List<RawConnection>();
        foreach (var text in unfinished) connections.Add(await RawConnection.SendAsync(_server.Listener, text));
        using var head = await RawConnection.SendAsync(_server.Listener, "GET /callback?state=");
        await Eventually.HoldsAsync(() => Taken > 9000, "a body on its way");

        var stopping = Stopwatch.StartNew();
        var stop = _server.StopAsync();
        (await client.ReceiveAsync()).Should().BeNull();
        client.CloseStatus.Should().Be(System.Net.WebSockets.WebSocketCloseStatus.EndpointUnavailable);
        await client.DisposeAsync();
        foreach (var connection in connections)
        {
            var answer = await connection.ReadAnswerAsync();
            (answer.Status, answer["Connection"]).Should().Be((503, "close"));
            connection.Dispose();
        }

        await stop.WithinLimit();

        // It was 9 s.
        stopping.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
        _server.Log.Lines.Should().NotContain(static line => line.Id.Id == 5012);
    }

    private static string Post(string path, params string[] headers) =>
        $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\n"
            + $"{string.Concat(headers.Select(static header => header + "\r\n"))}\r\n";

    private static int CountAnswers(string text) => text.Split("HTTP/1.1 ").Length - 1;

    private async Task StartAsync(params (string Key, string Value)[] settings) =>
        _server = await TestServer.StartAsync(settings.ToDictionary(static setting => setting.Key, static setting => setting.Value));

    private Task<RawResponse> PostAsync(string path, string body) =>
        RawHttp.SendAsync(_server.Listener, "POST", path, ["Authorization: Bearer a"], Encoding.Latin1.GetBytes(body));

    private async Task<string> SendAsync(string text)
    {
        using var connection = await RawConnection.SendAsync(_server.Listener, text);
        return await connection.ReadToEndAsync();
    }

    private async Task LogsNothingFromWarningOnAsync()
    {
        // What belongs to a connection is logged before it is over.
        await _server.StopAsync().WithinLimit();
        _server.Log.Lines.Where(static line => line.Level >= LogLevel.Warning).Should().BeEmpty();
    }
}
