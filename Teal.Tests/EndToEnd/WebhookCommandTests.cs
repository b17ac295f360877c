using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary><c>teal webhook</c> and <c>teal listen webhook</c>, as a developer types them.</summary>
internal sealed class WebhookCommandTests
{
    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _server = await TestServer.StartAsync(new Dictionary<string, string> { ["DataDirectory"] = _folder.Path });
    }

    [TearDown]
    public async Task TearDown()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Webhook_FromItsAdditionToItsRemoval_IsAsItWasSaid()
    {
        var (code, url, error) = await PipeAsync("old\nnew\n", "webhook add gh --provider github --secret");
        (code, error).Should().Be((0, "This is the address of gh for github:\n"));
        url.Should().MatchRegex("^http://127.0.0.1:[0-9]+/hook/[0-9A-Za-z]{22}\n$");

        (await RunAsync("webhook", "list")).Output.Should()
            .StartWith("NAME  PROVIDER  ENABLED  KEPT IN  URL").And.Contain("gh    github    yes");
        (await RunAsync("webhook", "show", "gh")).Output.Should().Be($"""
            Name      gh
            Team      anonymous
            URL       {url.TrimEnd()}
            Provider  github, 2 secrets
            Enforced  yes
            Methods   POST, PUT, PATCH
            Subpaths  no
            Enabled   yes
            Kept in   store

            """.ReplaceLineEndings("\n"));
        (await PipeAsync("newest\n", "webhook rotate gh --keep 0")).Should().Be((0, "gh takes 1 secret now.\n", ""));
        (await RunAsync("webhook", "rotate", "gh", "--url")).Output.Should().Contain("/hook/").And.NotBe(url);
        (await RunAsync("webhook", "add", "x", "--provider", "nobody")).ExitCode.Should().Be(65);
        (await RunAsync("webhook", "remove", "gh")).Should().Be((0, "The webhook gh was removed.\n", ""));
        (await RunAsync("webhook", "show", "gh")).Should().Be((1, "", "teal: There is no such webhook, or it is another team's.\n"));
    }

    [Test]
    public async Task Secret_ThatIsPem_IsOne()
    {
        var pem = "-----BEGIN PUBLIC KEY-----\nMFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAE\n-----END PUBLIC KEY-----\n";

        var refused = await PipeAsync(pem, "webhook add tl --provider truelayer --secret");

        refused.ExitCode.Should().Be(65);
        refused.Errors.Should().Contain("a secret is none of truelayer").And.NotContain("MFYw");
    }

    // The vector that GitHub documents.
    [Test]
    public async Task Body_ThatIsSigned_IsVerifiedByTheSameSecretAlone()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "secrets"), "old\nIt's a Secret to Everybody\n");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "secret"), "It's a Secret to Everybody\n");
        var options = "--provider github --secret-file";

        (await PipeAsync("Hello, World!", $"webhook sign {options} secret")).Output.Should()
            .Contain("X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\n");
        var header = "-H \"X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\"";
        (await PipeAsync("Hello, World!", $"webhook verify {options} secrets {header}")).Should().Be((0, "verified by secret 1\n", ""));
        (await PipeAsync("Hello, World?", $"webhook verify {options} secrets {header}")).ExitCode.Should().Be(1);
        (await PipeAsync("x", $"webhook verify {options} secrets")).Output.Should().StartWith("missing: ");
        (await PipeAsync("x", $"webhook verify {options} nowhere")).ExitCode.Should().Be(65);
        (await PipeAsync("x", "webhook sign --provider nobody --secret-file secret")).ExitCode.Should().Be(64);
    }

    [Test]
    public async Task Listen_ToAWebhook_ShowsWhatComes()
    {
        var url = (await RunAsync("webhook", "add", "any", "--provider", "none")).Output.TrimEnd();
        await using var listening = TealProcess.Run(
            _folder.Path, ["listen", "webhook", "any", "--once", "--dispatcher", _server.Dispatcher.AbsoluteUri],
            new Dictionary<string, string> { ["TEAL_PASSWORD"] = TestServer.Password });
        await Eventually.HoldsAsync(() => listening.Output.Contains("* Webhook: any"), "a registration");

        await RawHttp.SendAsync(_server.Listener, "POST", new Uri(url).PathAndQuery + "?a=%1b", ["X-A: 1"], "a\u001b[31mb"u8.ToArray());

        (await listening.WaitAsync()).Should().Be(0);
        listening.Output.Should().Contain("any: POST /hook/").And.Contain("(not verified)\na\\u001b[31mb");
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = TealProcess.Run(_folder.Path, arguments, Settings());
        process.CloseInput();
        return (await process.WaitAsync(), process.Output, process.Errors);
    }

    private async Task<(int ExitCode, string Output, string Errors)> PipeAsync(string text, string arguments)
    {
        await using var process = TealProcess.RunShell(_folder.Path, $"printf '%s' '{text}' | \"$TEAL_BINARY\" {arguments}", Settings());
        return (await process.WaitAsync(), process.Output, process.Errors);
    }

    private Dictionary<string, string> Settings() => new() { ["Teal__DataDirectory"] = _folder.Path };
}
