using System.Text;
using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>The commands that ask a running server, as an operator types them.</summary>
internal sealed class ServerCommandTests
{
    private TemporaryFolder _folder = null!;
    private string _data = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _data = _folder.Combine("data");
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Status_OfARunningServer_FitsATerminalAndHasWhatJsonHas()
    {
        await using var server = await ServeAsync();

        var (exitCode, text, errors) = await RunAsync("status");
        var (jsonExitCode, json, _) = await RunAsync("status", "--json");

        (exitCode, jsonExitCode, errors).Should().Be((0, 0, ""));
        text.Should().StartWith("Teal 0.1.0 is ready.\n")
            .And.Contain($"  Dispatcher   http://127.0.0.1:{server.Dispatcher.Port}\n")
            .And.Contain($"  Store        SQLite, {_data}, ok\n")
            .And.Contain("  Journal      0 events, 0 bytes\n")
            .And.Contain("  Connections  0 of 50,000, 0 bytes wait for clients\n")
            .And.Contain($"  Process      {server.Id}, since ");
        text.Split('\n').Should().OnlyContain(static line => line.Length <= 80);
        json.Split('\n').Should().HaveCount(2);
        var status = JsonDocument.Parse(json).RootElement;
        status.GetProperty("status").GetString().Should().Be("ready");
        status.GetProperty("process_id").GetInt32().Should().Be(server.Id);
        status.GetProperty("started_at").GetDateTime().Should().BeCloseTo(RealClock.Now, TimeSpan.FromMinutes(5));
        status.GetProperty("dependencies").GetProperty("store").GetString().Should().Be("ok");
    }

    [Test]
    public async Task Status_WhereNoServerRuns_EndsWith69AndSaysWhatToName()
    {
        var (exitCode, output, errors) = await RunAsync("status");

        (exitCode, output).Should().Be((69, ""));
        errors.Should().Be(
            $"teal: no server of Teal runs with the data folder {_data}, or it has no socket there. " +
            "Name its folder, as in --DataDirectory /var/lib/teal, or the address of a dispatcher with --dispatcher.\n");
    }

    [Test]
    public async Task Status_WhereTheServerWasKilled_EndsWith69()
    {
        await using (var server = await ServeAsync()) await server.KillAsync();

        (await RunAsync("status")).ExitCode.Should().Be(69);
    }

    [TestCase("status", "--nonsense")]
    [TestCase("status", "--user", "alice")]
    [TestCase("status", "--dispatcher", "nowhere")]
    [TestCase("status", "--dispatcher", "http://user:secret@localhost:8081")]
    [TestCase("status", "--dispatcher", "http://localhost:8081")]
    [TestCase("purge")]
    [TestCase("purge", "--all", "--state", "s")]
    [TestCase("purge", "--state", "")]
    public async Task Run_WithWhatMeansNothing_EndsWith64(params string[] arguments)
    {
        var (exitCode, output, errors) = await RunAsync(arguments);

        (exitCode, output).Should().Be((64, ""));
        errors.Should().StartWith("teal: ").And.EndWith(".\n").And.NotContain("secret");
    }

    [Test]
    public async Task Purge_WhileTheServerRuns_ForgetsAndLeavesNothingInTheFiles()
    {
        await using var server = await ServeAsync();
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.BindAsync("s");
        await client.BindAsync("other");
        foreach (var state in new[] { "s", "s", "s", "other" })
            await RawHttp.SendAsync(server.Listener, "GET", $"/callback?state={state}&x=s3cr3t", []);

        (await RunAsync("purge", "--state", "s")).Should().Be((0, "3 events were purged.\n", ""));
        (await RunAsync("purge", "--state", "s", "--json")).Should().Be((0, "{\"events\":0}\n", ""));
        Contents().Should().Contain("s3cr3t");
        (await RunAsync("purge", "--all")).Should().Be((0, "1 event was purged.\n", ""));

        // The log of the store is empty when the server is quiet.
        await Eventually.HoldsAsync(() => !Contents().Contains("s3cr3t", StringComparison.Ordinal), "files without what was purged");
        (await RawHttp.SendAsync(server.Listener, "GET", "/callback?state=s", [])).Status.Should().Be(204, "states stay");
        server.Errors.Should().Contain("@local purged topics of callback: 1, events: 3 (from teal.sock, request ")
            .And.Contain("@local purged all topics, events: 1 (from teal.sock, request ");
    }

    [Test]
    public async Task Purge_OfAClientsTopic_IsAGapForWhoGoesOnFromBefore()
    {
        await using var server = await ServeAsync();
        await using var client = await TestClient.ConnectAsync(server.Dispatcher, subprotocol: "teal.v2");
        await client.SendAsync($$$"""
            {"id":1,"create":{"type":"callback","state":"s","expires_at":"{{{RealClock.Now.AddHours(1):s}}}"},"register_to":{"type":"callback","state":"s"}}
            """);
        var cursor = JsonDocument.Parse((await client.ReceiveAsync())!).RootElement.GetProperty("cursor").GetString();
        await RawHttp.SendAsync(server.Listener, "GET", "/callback?state=s", []);
        (await client.ReceiveAsync()).Should().Contain("callback");

        await RunAsync("purge", "--state", "s");
        await client.SendAsync($$$"""{"id":2,"register_to":{"type":"callback","state":"s","after":"{{{cursor}}}"}}""");

        (await client.ReceiveAsync()).Should().Contain("\"ack\",\"id\":2");
        (await client.ReceiveAsync()).Should().StartWith("{\"type\":\"gap\"");
    }

    private string Contents() =>
        string.Concat(Directory.GetFiles(_data, "teal.db*").Select(static path => File.ReadAllText(path, Encoding.Latin1)));

    private Task<TealProcess> ServeAsync() => TealProcess.ServeAsync(_folder.Path, "--DataDirectory", _data);

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var settings = new Dictionary<string, string> { ["Teal__DataDirectory"] = _data };
        await using var process = TealProcess.Run(_folder.Path, arguments, settings);
        return (await process.WaitAsync(), process.Output, process.Errors);
    }
}
