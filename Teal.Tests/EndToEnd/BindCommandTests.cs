using System.Text.Json;
using System.Text.RegularExpressions;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary><c>teal bind</c> as its user runs it (specification 6).</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class BindCommandTests
{
    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new TemporaryFolder();
        _server = await TestServer.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("bind --json")]
    [TestCase("listen ciba x --json")]
    public async Task Command_WhoseOutputNobodyReadsAnyMore_EndsAlsoWhereNoEventComes(string command)
    {
        // The reader ends behind the first line, the command is to end then.
        var script =
            $"( \"$TEAL_BINARY\" {command} --dispatcher {_server.Dispatcher} --password {TestServer.Password}; echo \"ended $?\" "
                + ">&2 ) | head -1";
        await using var shell = TealProcess.RunShell(_folder.Path, script, new Dictionary<string, string>());

        await Eventually.HoldsAsync(() => shell.Errors.Contains("ended 141", StringComparison.Ordinal), "the command's end");
        shell.Output.Should().StartWith("{\"type\":\"ready\"");
    }

    [Test]
    public async Task Bind_WithARedirectUrl_PrintsWhatTheSpecificationShows()
    {
        await using var bind = Bind("--final-redirect-url", "https://example.org/x");
        await ReadyAsync(bind);
        var state = Regex.Match(bind.Output, @"^\* State: ([0-9a-f]{32})$", RegexOptions.Multiline).Groups[1].Value;

        (await _server.GetAsync($"/callback?state={state}&code=abcdefg"))["Location"].Should().Be("https://example.org/x");
        await Eventually.HoldsAsync(() => bind.Output.Contains("code=abcdefg", StringComparison.Ordinal), "an event");

        Regex.Replace(bind.Output, @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", "TIME").Should().Be(
            $"""
            The following state has been bound with the provided parameters:

            * Redirect URL: {_server.Listener}callback
            * Error URL: {_server.Listener}errback
            * State: {state}

            The received events will be displayed hereafter:

            ---

            A callback has been received at TIME!
            {_server.Listener}callback?state={state}&code=abcdefg


            """.ReplaceLineEndings("\n"));
        bind.Signal(TealProcess.Interrupt);
        (await bind.WaitAsync()).Should().Be(130);
    }

    [Test]
    public async Task Bind_AsJson_PrintsOneObjectALine()
    {
        await using var bind = Bind("--json", "--once", "--state", "my state é", "--expires-in", "1h");
        await ReadyAsync(bind);

        (await _server.GetAsync("/callback?state=my%20state%20%C3%A9")).Status.Should().Be(204);

        (await bind.WaitAsync()).Should().Be(0);
        var lines = bind.Output.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        lines.Should().HaveCount(2);
        lines[0].GetProperty("type").GetString().Should().Be("ready");
        lines[0].GetProperty("state").GetString().Should().Be("my state é");
        lines[0].GetProperty("callback_url").GetString().Should().Be($"{_server.Listener}callback");
        lines[1].GetProperty("url").GetString().Should().Be($"{_server.Listener}callback?state=my%20state%20%C3%A9");
    }

    [Test]
    public async Task Bind_WhoseOutputNobodyReadsAnyMore_EndsAtTheNextEventAndSaysNothing()
    {
        // The shell's pipe ends with the first line, and tells how teal ended.
        await using var shell = Shell("{ \"$TEAL_BINARY\" bind --json --state s; echo \"ended $?\" >&2; } | head -n 1");
        await Eventually.HoldsAsync(() => shell.Output.Contains("\"ready\"", StringComparison.Ordinal), "the first line");

        // One event may still go into the pipe before its reader has closed it.
        await Eventually.HoldsAsync(
            async () =>
            {
                await _server.GetAsync("/callback?state=s");
                return shell.Errors.Contains("ended", StringComparison.Ordinal);
            },
            "an end");

        Regex.Replace(shell.Errors, "^The password.*\n", "").Should().Be("ended 141\n");
    }

    [Test]
    public async Task Bind_WhoseOutputCannotBeWritten_SaysWhyAndEndsWith74()
    {
        await using var shell = Shell("\"$TEAL_BINARY\" bind --json --state s > /dev/full");

        (await shell.WaitAsync()).Should().Be(74);
        shell.Errors.Should().EndWith("teal: the output cannot be written (No space left on device).\n");
    }

    [Test]
    public async Task Bind_ToAFileThatOthersWriteToo_AppendsToIt()
    {
        await using var shell = Shell("{ echo before; \"$TEAL_BINARY\" bind --json --once --state s; echo after; } > out 2>&1");
        await Eventually.HoldsAsync(
            () => File.Exists(Path.Combine(_folder.Path, "out"))
                && File.ReadAllText(Path.Combine(_folder.Path, "out")).Contains("\"ready\"", StringComparison.Ordinal),
            "the first line");
        await _server.GetAsync("/callback?state=s");
        await shell.WaitAsync();

        var lines = await File.ReadAllLinesAsync(Path.Combine(_folder.Path, "out"));
        lines[0].Should().Be("before");
        lines[^1].Should().Be("after");
        lines.Where(static line => line.StartsWith('{')).Should().HaveCount(2);
    }

    [Test]
    public async Task Bind_OverANetworkThatFellSilent_ConnectsAnewAndMissesNothing()
    {
        await using var proxy = DroppingProxy.Start(_server.Dispatcher.Port);
        await using var bind = TealProcess.Run(
            _folder.Path,
            ["bind", "--dispatcher", $"http://127.0.0.1:{proxy.Port}", "--password", TestServer.Password, "--state", "s", "--json"]);
        await ReadyAsync(bind);

        proxy.Abandon();
        await _server.GetAsync("/callback?state=s&code=missed");

        await Eventually.HoldsAsync(() => bind.Output.Contains("code=missed", StringComparison.Ordinal), "the event");
    }

    [Test]
    public async Task Bind_AtTheListenersAddress_SaysThatItIsNoDispatcherAndEnds()
    {
        await using var bind = TealProcess.Run(_folder.Path, ["bind", "--dispatcher", _server.Listener.ToString().TrimEnd('/')]);

        (await bind.WaitAsync()).Should().Be(1);
        bind.Errors.Should().Be(
            $"teal: {_server.Listener} answers 404 for /.well-known/teapots-teal-metadata: it is no dispatcher. The dispatcher's address "
                + "is meant (http://localhost:8081 by default), not the listener's.\n");
    }

    [Test]
    public async Task Bind_WithoutAPassword_SaysThatNoneWasGiven()
    {
        await using var bind = TealProcess.Run(_folder.Path, ["bind", "--dispatcher", _server.Dispatcher.ToString().TrimEnd('/')]);

        (await bind.WaitAsync()).Should().Be(77);
        bind.Errors.Should().Contain("teal: no password was given");
    }

    [Test]
    public async Task Bind_WithFragment_BindsSuchAState()
    {
        await using var bind = Bind("--with-fragment", "--state", "s");
        await ReadyAsync(bind);

        (await _server.GetAsync("/callback?state=s")).Body.Should().Contain("raw-callback");
    }

    [Test]
    public async Task Bind_WhenTheServerGoesAndComesBack_ReconnectsAndBindsAgain()
    {
        using var data = new TemporaryFolder();
        var ports = new[] { LoopbackPort.Find(), LoopbackPort.Find() };
        string[] settings =
        [
            "--Listener:Url", $"http://127.0.0.1:{ports[0]}", "--Dispatcher:Url", $"http://127.0.0.1:{ports[1]}", "--Store", "Memory",
        ];
        var first = await TealProcess.ServeAsync(data.Path, settings);
        await using var bind = TealProcess.Run(
            _folder.Path, ["bind", "--state", "s", "--json", "--once"], new Dictionary<string, string>
            {
                ["TEAL_DISPATCHER"] = $"http://127.0.0.1:{ports[1]}",
                ["TEAL_PASSWORD"] = TestServer.Password,
            });
        await ReadyAsync(bind);
        await first.DisposeAsync();
        await Eventually.HoldsAsync(() => bind.Errors.Contains("trying again in", StringComparison.Ordinal), "a notice");

        await using var second = await TealProcess.ServeAsync(data.Path, settings);
        await Eventually.HoldsAsync(() => bind.Errors.Contains("Connected again.", StringComparison.Ordinal), "a new connection");
        await RawHttp.SendAsync(second.Listener, "GET", "/callback?state=s", []);

        (await bind.WaitAsync()).Should().Be(0);
        bind.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
    }

    [Test]
    public async Task Bind_WhenTheServerIsKilledAgainAndAgain_PrintsEachEventOnce()
    {
        const int Kills = 3;
        using var data = new TemporaryFolder();
        var ports = new[] { LoopbackPort.Find(), LoopbackPort.Find() };
        string[] settings = ["--Listener:Url", $"http://127.0.0.1:{ports[0]}", "--Dispatcher:Url", $"http://127.0.0.1:{ports[1]}"];
        var server = await TealProcess.ServeAsync(data.Path, settings);
        await using var bind = TealProcess.Run(
            _folder.Path, ["bind", "--state", "s", "--json"], new Dictionary<string, string>
            {
                ["TEAL_DISPATCHER"] = $"http://127.0.0.1:{ports[1]}",
                ["TEAL_PASSWORD"] = TestServer.Password,
            });
        await ReadyAsync(bind);
        for (var i = 0; i < Kills; i++)
        {
            // One that may not have been pushed yet, and one that comes before the client is back.
            (await RawHttp.SendAsync(server.Listener, "GET", $"/callback?state=s&n={i}a.", [])).Status.Should().Be(204);
            await server.KillAsync();
            await server.DisposeAsync();
            server = await TealProcess.ServeAsync(data.Path, settings);
            (await RawHttp.SendAsync(server.Listener, "GET", $"/callback?state=s&n={i}b.", [])).Status.Should().Be(204);
        }

        await Eventually.HoldsAsync(() => bind.Output.Contains($"n={Kills - 1}b.", StringComparison.Ordinal), "the last event");
        Regex.Matches(bind.Output, @"n=(\d[ab])\.").Select(static match => match.Groups[1].Value)
            .Should().Equal(Enumerable.Range(0, Kills).SelectMany(static i => new[] { $"{i}a", $"{i}b" }));
        bind.Errors.Should().NotContain("missing");
        await server.DisposeAsync();
    }

    [Test]
    public async Task Bind_SinceEarliest_ShowsWhatWasKept()
    {
        await _server.BindAsync("s");
        await _server.GetAsync("/callback?state=s&n=1");
        await using var bind = Bind("--state", "s", "--once", "--since", "earliest");

        (await bind.WaitAsync()).Should().Be(0);
        bind.Output.Should().Contain("n=1");

        await using var later = Bind("--state", "s", "--once", "--json", "--since", "10min");
        (await later.WaitAsync()).Should().Be(0);
        later.Output.Should().Contain("n=1").And.Contain("\"cursor\":\"");
    }

    [Test]
    public async Task Bind_WithAWrongPassword_EndsWith77()
    {
        await using var bind = TealProcess.Run(_folder.Path, ["bind", "--dispatcher", _server.Dispatcher.ToString(), "--password", "nope"]);

        (await bind.WaitAsync()).Should().Be(77);
        bind.Errors.Should().Contain("refused the password").And.NotContain("nope");
    }

    [Test]
    public async Task Bind_WithALifetimeThatTheServerRefuses_SaysWhy()
    {
        await using var bind = Bind("--expires-in", "30d");

        (await bind.WaitAsync()).Should().Be(1);
        bind.Errors.Should().Contain("at most 7 days");
    }

    [TestCase("--final-redirect-url", "ftp://example.org", "must start with http")]
    [TestCase("--expires-in", "soon", "duration")]
    [TestCase("--since", "yesterday", "--since must be")]
    [TestCase("--state", "", "must not be empty")]
    [TestCase("--dispatcher", "localhost:8081", "--dispatcher must start with http")]
    [TestCase("--dispatcher", "http://user:secret@localhost:8081", "--dispatcher must not hold")]
    public async Task Bind_WithAWrongOption_EndsWith64(string option, string value, string complaint)
    {
        await using var bind = TealProcess.Run(_folder.Path, ["bind", option, value]);

        (await bind.WaitAsync()).Should().Be(64);
        bind.Errors.Should().Contain(complaint);
    }

    [Test]
    public async Task Bind_AnEventWithControlCharacters_DoesNotSteerTheTerminal()
    {
        await using var bind = Bind("--state", "s", "--once");
        await ReadyAsync(bind);

        await _server.GetAsync("/raw-callback?full_url=%3Fstate%3Ds%26x%3D%1b%5B2J%0d%0afake");

        (await bind.WaitAsync()).Should().Be(0);
        bind.Output.Should().Contain("?state=s&x=\\u001b[2J\\u000d\\u000afake");
    }

    private TealProcess Bind(params string[] arguments) =>
        TealProcess.Run(
            _folder.Path, ["bind", "--dispatcher", _server.Dispatcher.ToString(), "--password", TestServer.Password, .. arguments]);

    private TealProcess Shell(string script) => TealProcess.RunShell(
        _folder.Path, script,
        new Dictionary<string, string> { ["TEAL_DISPATCHER"] = _server.Dispatcher.ToString(), ["TEAL_PASSWORD"] = TestServer.Password });

    private static Task ReadyAsync(TealProcess bind) => Eventually.HoldsAsync(
        () => bind.HasExited || bind.Output.Contains("hereafter", StringComparison.Ordinal)
            || bind.Output.Contains("\"ready\"", StringComparison.Ordinal), "a bound state");
}
