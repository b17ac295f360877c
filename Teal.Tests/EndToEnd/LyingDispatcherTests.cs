using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// What answers <c>teal bind</c> is not authenticated, and may name any host for the password to go to (specification 6).
/// </summary>
[NonParallelizable]
public sealed class LyingDispatcherTests
{
    private const string MetadataPath = "/.well-known/teapots-teal-metadata";

    private readonly ConcurrentQueue<string> _stolen = new();
    private TemporaryFolder _folder = null!;
    private LoopbackServer _thief = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new TemporaryFolder();
        _thief = await LoopbackServer.StartAsync(context =>
        {
            if (context.Request.Headers.Authorization is [{ } header, ..]) _stolen.Enqueue(header);
            return Tell(context, WebSocketAt(context.Request.Host.Value!));
        });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _thief.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("bind")]
    [TestCase("listen", "powens", "budgea")]
    public async Task Metadata_ThatNamesAnotherHost_GetsNoPasswordUnlessItIsAllowed(params string[] command)
    {
        await using var liar = await LoopbackServer.StartAsync(context => Tell(context, WebSocketAt(HostOf(_thief))));

        await using var process = Run(liar.Origin, command);
        (await process.WaitAsync()).Should().Be(1);
        process.Errors.Should().Contain("names a websocket at another host, localhost").And.EndWith("--allow-host localhost\n");
        _stolen.Should().BeEmpty();

        await using var allowed = Run(liar.Origin, [.. command, "--allow-host", "example.org", "--allow-host", "LOCALHOST"]);
        await Eventually.HoldsAsync(() => !_stolen.IsEmpty, "the password arrives where it may");
    }

    [Test]
    public async Task Metadata_ThatIsRedirectedToAnotherHost_GetsNoPassword()
    {
        await using var liar = await LoopbackServer.StartAsync(context => Redirect(context, $"http://{HostOf(_thief)}{MetadataPath}"));

        await using var process = Run(liar.Origin, "bind");

        (await process.WaitAsync()).Should().Be(1);
        process.Errors.Should().Contain("redirects to another host, localhost");
        _stolen.Should().BeEmpty();
    }

    [Test]
    public async Task Handshake_ThatIsRedirectedToAnotherHost_TakesNoPasswordAlong()
    {
        await using var liar = await LoopbackServer.StartAsync(context => LoopbackServer.TargetOf(context) == MetadataPath
            ? Tell(context, WebSocketAt(context.Request.Host.Value!)) : Redirect(context, $"http://{HostOf(_thief)}/websocket"));

        await using var process = Run(liar.Origin, "bind");

        await Eventually.HoldsAsync(() => process.Errors.Contains("trying again", StringComparison.Ordinal), "a handshake that failed");
        liar.Targets.Should().Contain("/websocket");
        _stolen.Should().BeEmpty();
    }

    [Test]
    public async Task Metadata_ThatNamesClearTextBehindTls_GetsNoPasswordAlsoWhereTheHostIsAllowed()
    {
        using var certificates = TestCertificates.ForLoopback();
        await using var proxy = TlsProxy.Start(new Uri(_thief.Origin).Port, certificates);
        var environment =
            new Dictionary<string, string> { ["SSL_CERT_FILE"] = certificates.AuthorityFile, ["TEAL_PASSWORD"] = TestServer.Password };

        await using var process = TealProcess.Run(
            _folder.Path, ["bind", "--dispatcher", $"https://localhost:{proxy.Port}", "--allow-host", "localhost"], environment);

        (await process.WaitAsync()).Should().Be(1);
        process.Errors.Should().Contain("clear text").And.Contain("Teal:Dispatcher:PublicUrl");
        _thief.Targets.Should().Equal(MetadataPath);
    }

    [Test]
    public async Task Dispatcher_WithoutTlsAndNotOfThisMachine_IsWarnedOfOnce()
    {
        // A proxy answers for any host.
        var environment = new Dictionary<string, string> { ["http_proxy"] = _thief.Origin };
        await using var process = TealProcess.Run(_folder.Path, ["bind", "--dispatcher", "http://teal.example.org"], environment);

        await Eventually.HoldsAsync(() => process.Errors.Split("trying again").Length > 2, "two tries");
        process.Errors.Split("teal.example.org in clear text").Should().HaveCount(2);

        await using var local = Run(_thief.Origin, "bind");
        await Eventually.HoldsAsync(() => local.Errors.Contains("trying again", StringComparison.Ordinal), "a try");
        local.Errors.Should().NotContain("clear text");
    }

    [Test]
    public async Task Metadata_WithControlCharacters_DoesNotSteerTheTerminal()
    {
        await using var server = await TestServer.StartAsync();
        await using var liar = await LoopbackServer.StartAsync(
            context => Tell(context, WebSocketAt(server.Dispatcher.Authority), "http://a/\\u001b[2J\\nfake\\u009b2J"));

        await using var process = Run(liar.Origin, "bind", "--state", "s");

        await Eventually.HoldsAsync(() => process.Output.Contains("hereafter", StringComparison.Ordinal), "a bound state");
        process.Output.Should().Contain("* Redirect URL: http://a/\\u001b[2J\\u000afake\\u009b2J\n")
            .And.Contain("* Error URL: http://a/\\u001b[2J");
    }

    [Test]
    public async Task Message_ThatCannotBeRead_IsToldInOneLine()
    {
        await using var liar = await ScriptedDispatcher.StartAsync("teal.v2", static it => it.SendAsync("no JSON"));

        await using var process = Run(liar.Address.ToString(), "bind");

        (await process.WaitAsync()).Should().Be(1);
        process.Errors.Should().Be("teal: the dispatcher sent a message that cannot be read.\n");
    }

    [TestCase("https://teal.example.org")]
    [TestCase("teal.example.org:8081")]
    [TestCase("a b")]
    [TestCase("")]
    public async Task AllowHost_ThatIsNoHost_EndsWith64(string host)
    {
        await using var process = TealProcess.Run(_folder.Path, ["bind", "--allow-host", host]);

        (await process.WaitAsync()).Should().Be(64);
        process.Errors.Should().Contain("--allow-host must be");
    }

    private static string WebSocketAt(string host) => $"ws://{host}/websocket";

    // By the other name of the address that the liar has.
    private static string HostOf(LoopbackServer server) => $"localhost:{new Uri(server.Origin).Port}";

    private static Task Tell(HttpContext context, string webSocketUrl, string callbackUrl = "http://a/callback") =>
        context.Response.WriteAsync(
            $$"""{"websocket_url":"{{webSocketUrl}}","callback_url":"{{callbackUrl}}","errback_url":"{{callbackUrl}}"}""");

    private static Task Redirect(HttpContext context, string location)
    {
        context.Response.Redirect(location);
        return Task.CompletedTask;
    }

    private TealProcess Run(string dispatcher, params string[] command) =>
        TealProcess.Run(_folder.Path, [.. command, "--dispatcher", dispatcher, "--password", TestServer.Password]);
}
