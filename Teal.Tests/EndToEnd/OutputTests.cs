using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>What the built binary says to an operator: banner, log, help, health.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class OutputTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Log_ThatNobodyReads_HoldsUpNeitherRequestsNorTheEnd()
    {
        await using var process = TealProcess.Run(
            _folder.Path, ["--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0", "--Store", "Memory"],
            readsErrors: false);
        await Eventually.HoldsAsync(() => process.Output.Contains("  Store", StringComparison.Ordinal), "a running server");
        string[] handshake =
        [
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ];

        // Each refusal is a line in the log; the pipe takes some hundreds, the logger's queue 2,500.
        for (var i = 0; i < 4000; i++)
            (await RawHttp.SendAsync(process.Dispatcher, "GET", "/websocket", handshake)).Status.Should().Be(401);
        process.Signal(TealProcess.Terminate);

        (await process.WaitAsync()).Should().Be(0);
    }

    [Test]
    public async Task Banner_WithoutAPassword_ShowsOneAndALineThatWorks()
    {
        await using var process = TealProcess.Run(
            _folder.Path, ["--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0"]);
        await Eventually.HoldsAsync(() => process.Output.Contains(" bind ", StringComparison.Ordinal), "a banner");

        process.Output.Should().StartWith($"Teal {Teal.Core.Hosting.TealVersion.Text}").And.Contain("SQLite, ");
        var line = process.Output.Split('\n').Single(line => line.Contains(" bind ", StringComparison.Ordinal)).Trim().Split(' ');
        await using var bind = TealProcess.Run(_folder.Path, [.. line[1..], "--once", "--state", "abc"]);
        await Eventually.HoldsAsync(() => bind.Output.Contains("displayed hereafter", StringComparison.Ordinal), "a bound state");
        (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=abc", []))["Location"].Should().Be("https://example.org/");
        (await bind.WaitAsync()).Should().Be(0);
    }

    [Test]
    public async Task Banner_WithAPublicUrl_ShowsALineThatAsksThere()
    {
        await using var process = TealProcess.Run(
            _folder.Path, [
                "--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0", "--Dispatcher:PublicUrl",
                "https://teal.example.org/x"]);
        await Eventually.HoldsAsync(() => process.Output.Contains(" bind ", StringComparison.Ordinal), "a banner");

        process.Output.Should().Contain(
            " --dispatcher https://teal.example.org/x ", "its metadata names that host, and bind sends the password to no other");
    }

    [TestCase("--version")]
    [TestCase("version")]
    [TestCase("--help")]
    [TestCase("serve --check")]
    [TestCase("state decode B1001www.example.org")]
    public async Task Command_WhoseOutputCannotBeWritten_SaysWhyAndEndsWith74(string command)
    {
        await using var shell = TealProcess.RunShell(
            _folder.Path, $"exec \"$TEAL_BINARY\" {command} >/dev/full", new Dictionary<string, string>());

        (await shell.WaitAsync()).Should().Be(74);
        shell.Errors.Should().Be("teal: the output cannot be written (No space left on device).\n");
    }

    [TestCase(">/dev/full")]
    [TestCase(">&-")]
    public async Task Serve_WhoseBannerCannotBeWritten_ServesAllTheSame(string output)
    {
        var port = LoopbackPort.Find();
        await using var server = TealProcess.RunShell(
            _folder.Path,
            $"exec \"$TEAL_BINARY\" --Store Memory --Listener:Url http://127.0.0.1:{port} --Dispatcher:Url http://127.0.0.1:0 {output}",
            new Dictionary<string, string>());

        await Eventually.HoldsAsync(
            async () => (await RawHttp.TrySendAsync(new Uri($"http://127.0.0.1:{port}"), "GET", "/health/live", []))?.Status == 200,
            "an answer");
        server.Signal(TealProcess.Terminate);
        (await server.WaitAsync()).Should().Be(0);
        server.Errors.Should().NotContain("   at ");
    }

    [TestCase("http://127.0.0.1:PORT")]
    [TestCase("http://*:PORT")]
    [TestCase("http://unix:FOLDER/teal.sock")]
    public async Task Health_OfTheServerOfThisMachine_IsToldByACommand(string url)
    {
        url = url.Replace("PORT", $"{LoopbackPort.Find()}", StringComparison.Ordinal)
            .Replace("FOLDER", _folder.Path, StringComparison.Ordinal);
        string[] settings = ["--Listener:Url", url, "--Store", "Memory"];
        await using var before = TealProcess.Run(_folder.Path, ["health", .. settings]);
        (await before.WaitAsync()).Should().Be(69);
        before.Errors.Should().StartWith($"teal: no answer at {url} (");
        await using var server = TealProcess.Run(_folder.Path, ["--Dispatcher:Url", "http://127.0.0.1:0", .. settings]);
        await Eventually.HoldsAsync(() => server.Output.Contains("  Store", StringComparison.Ordinal), "a banner");

        await using var health = TealProcess.Run(_folder.Path, ["health", .. settings]);

        (await health.WaitAsync()).Should().Be(0, health.Errors);
        health.Output.Should().StartWith("{\"status\":\"ready\"");
    }

    [Test]
    public async Task Health_WithModulesThatAreNone_AsksTheFirst()
    {
        var url = $"http://127.0.0.1:{LoopbackPort.Find()}";

        await using var health = TealProcess.Run(_folder.Path, ["health", "--Listener:Url", url, "--Modules", "Listner"]);

        (await health.WaitAsync()).Should().Be(69);
        health.Errors.Should().StartWith($"teal: no answer at {url} (");
    }

    [TestCase("http://*:0", "all addresses of this machine")]
    [TestCase("http://0.0.0.0:0", "all IPv4 addresses of this machine")]
    [TestCase("http://[::]:0", "all addresses of this machine")]
    public async Task Banner_ForAllAddresses_SaysSo(string url, string range)
    {
        await using var process = TealProcess.Run(
            _folder.Path, ["--Listener:Url", url, "--Dispatcher:Url", "http://127.0.0.1:0", "--Store", "Memory"]);
        await Eventually.HoldsAsync(() => process.Output.Contains("  Store", StringComparison.Ordinal), "a banner");

        process.Output.Should().MatchRegex($@"Listener +{System.Text.RegularExpressions.Regex.Escape(url[..^2])}:\d+, {range}");
    }

    [Test]
    public async Task Log_InSystemdsJournal_HasItsPriorities()
    {
        // A shell can say where its standard error goes, as systemd does.
        var environment = new Dictionary<string, string> { ["TEAL_UNKNOWN"] = "" };
        const string Script =
            "JOURNAL_STREAM=$(stat -Lc %d:%i /proc/self/fd/2) Teal__Lisener__Url=x exec \"$TEAL_BINARY\" --Store Memory --Listener:Url "
                + "http://127.0.0.1:0 --Dispatcher:Url http://127.0.0.1:0";
        await using var process = TealProcess.RunShell(_folder.Path, Script, environment);
        await Eventually.HoldsAsync(() => process.Errors.Contains("Lisener", StringComparison.Ordinal), "a warning");

        process.Errors.Should().StartWith("<4>Teal.Host.Configuration[5021] ");
    }

    [Test]
    public async Task Log_InJson_IsAnObjectALine()
    {
        await using var process = TealProcess.Run(
            _folder.Path, [
                "--Store", "Memory", "--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0",
                "--Logging:Console:FormatterName", "json"],
            new Dictionary<string, string> { ["Teal__Lisener__Url"] = "x", ["JOURNAL_STREAM"] = "8:1" });
        await Eventually.HoldsAsync(() => process.Errors.Contains('\n', StringComparison.Ordinal), "a warning");

        using var line = JsonDocument.Parse(process.Errors.Split('\n')[0]);
        line.RootElement.GetProperty("LogLevel").GetString().Should().Be("Warning");
        line.RootElement.GetProperty("EventId").GetInt32().Should().Be(5021);
        line.RootElement.GetProperty("Timestamp").GetString().Should().EndWith("Z");
    }

    [Test]
    public async Task Banner_WithAPassword_DoesNotShowIt()
    {
        await using var process = TealProcess.Run(
            _folder.Path, ["--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0"],
            new Dictionary<string, string> { ["Teal__Dispatcher__Password"] = "hunter2-hunter2" });
        await Eventually.HoldsAsync(() => process.Output.Contains("  Store", StringComparison.Ordinal), "a banner");

        process.Output.Should().NotContain("hunter2").And.NotContain("Password");
    }

    [Test]
    public async Task Help_OfTheProgramAndItsCommands_TellsWhatThereIs()
    {
        (await OutputAsync("--help")).Should().ContainAll("serve", "bind", "health", "--version");
        (await OutputAsync("version")).Trim().Should().Be(Teal.Core.Hosting.TealVersion.Text);
        (await OutputAsync("--version")).Trim().Should().Be(Teal.Core.Hosting.TealVersion.Text);
        (await OutputAsync("serve", "--help")).Should().ContainAll("Listener:PublicUrl", "[64 KiB]", "Teal__Listener__PublicUrl");
        (await OutputAsync("bind", "--help")).Should().ContainAll(
            "--final-redirect-url", "--state", "--with-fragment", "--expires-in", "--dispatcher", "--password", "--json", "--once",
            "TEAL_PASSWORD");
    }

    private async Task<string> OutputAsync(params string[] arguments)
    {
        await using var process = TealProcess.Run(_folder.Path, arguments);
        (await process.WaitAsync()).Should().Be(0);
        return process.Output;
    }
}
