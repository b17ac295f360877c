using System.Security.Cryptography;
using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary><c>teal forward webhook</c>, as a developer or a CI job starts it, to a server of the test's own (specification 9.4).</summary>
internal sealed class ForwardCommandTests
{
    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;
    private ForwardedServer _target = null!;
    private string _address = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _server = await TestServer.StartAsync();
        _target = new ForwardedServer();
        using var client = ApiClient.At(_server.Dispatcher, "anonymous", TestServer.Password);
        var made = await client.SendAsync("PUT", "/api/v1/webhooks/any", """{"provider":"none","subpaths":true}""");
        _address = new Uri(made.Json.GetProperty("url").GetString()!).AbsolutePath;
    }

    [TearDown]
    public async Task TearDown()
    {
        _target.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    // Repeated headers stay apart, and bytes stay bytes.
    [Test]
    public async Task Requests_OfManyKinds_ReachTheTargetAsTheyCame()
    {
        await using var forward = await StartAsync($"{_target.Port}/in?b=own", "--append-path", "-H", "X-Set: 1", "-H", "X-Gone:");
        byte[][] bodies = [[], [0, 0xff, 0xc3, 0x28], "{\"é\": 1}"u8.ToArray(), RandomNumberGenerator.GetBytes(300_000)];

        foreach (var body in bodies)
        {
            await PostAsync("/deep/%62?a=1&a=2&b=%2B", body, "X-A: 1", "x-a: 2", "X-Gone: x", "Keep-Alive: 5", "Teal-Cursor: forged");
            var got = await _target.NextAsync();

            got.Line.Should().Be("POST /in/deep/%62?a=1&a=2&b=own HTTP/1.1");
            got.Body.Should().Equal(body);
            got.Headers.Where(static header => header.StartsWith("X-A", StringComparison.OrdinalIgnoreCase))
                .Should().Equal(["X-A: 1", "x-a: 2"], "{0} bytes", body.Length);
            got.Headers.Should().Contain("X-Set: 1").And.Contain($"Host: localhost:{_target.Port}").And.Contain("Teal-Attempt: 1")
                .And.ContainSingle(static header => header.StartsWith("Teal-Cursor: ")).Which.Should().NotContain("forged");
            got.Headers.Should().NotContain(static header => header.StartsWith("Keep-Alive") || header.StartsWith("X-Gone"));
            _target.Answer(200);
        }

        await Eventually.HoldsAsync(() => forward.Output.Split(" 200 (").Length == bodies.Length + 1, "a line for each");
    }

    [Test]
    public async Task Event_ThatIsRefusedForAWhile_IsTriedAgainBeforeTheNext()
    {
        await using var forward = await StartAsync($"{_target.Port}", "--json");
        await PostAsync("?n=1", []);
        await PostAsync("?n=2", []);

        foreach (var (status, expected) in ((int, string)[])[(503, "1 1"), (200, "1 2"), (200, "2 1")])
        {
            var got = await _target.NextAsync();
            $"{got.Line.Split("n=")[1][0]} {got.Headers.Single(static header => header.StartsWith("Teal-Attempt"))[14..]}"
                .Should().Be(expected);
            _target.Answer(status, "Retry-After: 0");
        }

        await Eventually.HoldsAsync(() => forward.Output.Split("\"status\":200").Length == 3, "both");
        Types(forward).Should().Equal("ready", "event", "attempt", "retry", "attempt", "event", "attempt");
    }

    // What was not taken is not behind the cursor, whenever the process ends.
    [Test]
    public async Task Forward_ThatIsKilled_GoesOnWhereItWas()
    {
        var cursor = Path.Combine(_folder.Path, "cursor");
        var seen = new List<string>();
        for (var i = 0; i < 10; i++) await PostAsync($"?n={i}", []);
        for (var kills = 0; kills < 4; kills++)
        {
            await using var forward = await StartAsync($"{_target.Port}", "--cursor-file", cursor, "--since", "earliest");
            for (var i = 0; i < 3 && !seen.Contains("9"); i++)
            {
                seen.Add((await _target.NextAsync()).Line.Split("n=")[1].Split(' ')[0]);

                // The last one of each is not answered.
                if (i < 2) _target.Answer(200);
            }

            await forward.KillAsync();
            _target.Forget();
        }

        seen.Distinct().Should().Equal(Enumerable.Range(0, 10).Select(static i => $"{i}").Take(seen.Distinct().Count()));
        seen.Distinct().Count().Should().BeGreaterThanOrEqualTo(9);
    }

    [TestCase(400, "skip", 1, TestName = "refused, passed over")]
    [TestCase(400, "stop", 1, TestName = "refused, stopped")]
    [TestCase(204, "stop", 0, TestName = "taken")]
    public async Task Once_WithAnAnswer_EndsWithTheCodeForIt(int status, string onFailure, int exitCode)
    {
        await using var forward = await StartAsync($"{_target.Port}", "--once", "--on-failure", onFailure);
        await PostAsync("", []);

        await _target.NextAsync();
        _target.Answer(status);

        (await forward.WaitAsync()).Should().Be(exitCode, forward.Errors);
    }

    [Test]
    public async Task ExitAfter_WithoutAnEvent_IsTold()
    {
        await using var forward = Run([$"{_target.Port}", "--exit-after", "100ms"]);

        (await forward.WaitAsync()).Should().Be(75, forward.Errors);
    }

    [TestCase(69, "1", "--wait-for-target", "200ms")]
    [TestCase(64, "ftp://x")]
    [TestCase(64, "http://u:p@x")]
    [TestCase(64, "3000", "--retries", "some")]
    [TestCase(64, "3000", "--count", "0")]
    [TestCase(64, "3000", "-H", "x")]
    [TestCase(64, "3000", "--timeout", "soon")]
    [TestCase(64, "3000", "--on-failure", "cry")]
    public async Task Forward_ThatCannotBegin_EndsWithItsCode(int exitCode, params string[] arguments)
    {
        await using var forward = Run(arguments);

        (await forward.WaitAsync()).Should().Be(exitCode);
        forward.Output.Should().BeEmpty();
        forward.Errors.Should().NotBeEmpty();
    }

    [Test]
    public async Task Forward_WithAWrongPassword_EndsWith77()
    {
        await using var forward = Run([$"{_target.Port}"], "wrong");

        (await forward.WaitAsync()).Should().Be(77, forward.Errors);
    }

    [Test]
    public async Task Target_ThatIsAway_GetsWhatCameWhenItIsBack()
    {
        var port = _target.Port;
        _target.Dispose();
        await using var forward = await StartAsync($"{port}");
        await PostAsync("?n=1", []);
        await Eventually.HoldsAsync(() => forward.Errors.Contains("The target cannot be reached"), "a word");

        _target = new ForwardedServer(port);
        (await _target.NextAsync()).Line.Should().Contain("n=1");
        _target.Answer(200);

        await Eventually.HoldsAsync(() => forward.Errors.Contains("The target is back."), "another word");
    }

    private static IEnumerable<string> Types(TealProcess forward) =>
        forward.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()!);

    private async Task PostAsync(string rest, byte[] body, params string[] headers) =>
        (await RawHttp.SendAsync(_server.Listener, "POST", _address + rest, headers, body)).Status.Should().Be(204);

    private async Task<TealProcess> StartAsync(params string[] arguments)
    {
        var forward = Run(arguments);
        await Eventually.HoldsAsync(() => forward.Output.Contains("Target: ") || forward.Output.Contains("\"ready\""), "a registration");
        return forward;
    }

    private TealProcess Run(string[] arguments, string password = TestServer.Password) => TealProcess.Run(
        _folder.Path, ["forward", "webhook", "any", .. arguments, "--dispatcher", _server.Dispatcher.AbsoluteUri],
        new Dictionary<string, string> { ["TEAL_PASSWORD"] = password });
}
