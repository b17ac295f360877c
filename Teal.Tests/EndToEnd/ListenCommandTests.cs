using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary><c>teal listen</c> and <c>teal state</c> as their user runs them.</summary>
[NonParallelizable]
public sealed class ListenCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task AllThreeFamilies_ThroughTheBuiltBinary_Arrive()
    {
        await using var server = await TealProcess.ServeAsync(
            _folder.Path, "--Listener:PowensRedirectFallback", "true", "--Listener:PowensSecrets", "secured=s3cr3t");
        await using var ciba = Client(server, "listen", "ciba", "my request", "--once");
        await using var webhook = Client(server, "listen", "powens", "budgea", "--once", "--json");
        await using var bind = Client(server, "bind", "--state", "s", "--once");
        await Eventually.HoldsAsync(() => ciba.Output.Contains("hereafter", StringComparison.Ordinal), "a listening ciba command");
        await Eventually.HoldsAsync(() => webhook.Output.Contains("\"ready\"", StringComparison.Ordinal), "a listening powens command");
        await Eventually.HoldsAsync(() => bind.Output.Contains("hereafter", StringComparison.Ordinal), "a bound state");

        var body = "{\"auth_req_id\":\"my request\",\"error\":\"access_denied\"}"u8.ToArray();
        (await RawHttp.SendAsync(server.Listener, "POST", "/openid-ciba-callback", ["Authorization: Bearer Abc"], body))
            .Status.Should().Be(204);
        (await RawHttp.SendAsync(
            server.Listener, "POST", "/powens-webhook/budgea.biapi.pro/EV", ["Authorization: Bearer Abc"],
            "{}"u8.ToArray())).Status.Should().Be(204);
        (await RawHttp.SendAsync(
            server.Listener, "POST", "/powens-webhook/secured.biapi.pro/EV", ["Authorization: Bearer Abc"],
            "{}"u8.ToArray())).Status.Should().Be(401);
        (await RawHttp.SendAsync(server.Listener, "GET", "/callback?state=s", [])).Status.Should().Be(204);
        (await RawHttp.SendAsync(server.Listener, "GET", "/callback?state=B1001www.example.org", [])).Status.Should().Be(302);

        (await ciba.WaitAsync()).Should().Be(0);
        ciba.Output.Should().Contain("* Request: my request")
            .And.Contain("An OpenID CIBA notification has been received at ").And.Contain("Token: Abc\nerror: access_denied");
        (await webhook.WaitAsync()).Should().Be(0);
        JsonDocument.Parse(webhook.Output.TrimEnd('\n').Split('\n')[1]).RootElement.GetProperty("event").GetString().Should().Be("EV");
        (await bind.WaitAsync()).Should().Be(0);
    }

    [Test]
    public async Task State_EncodeAndDecode_AreEachOthersInverse()
    {
        var packed = await OutputAsync("state", "encode", "--redirect-url", "https://budgea-sandbox.biapi.pro/", "--state", "abc");
        packed.Should().Be("B1021budgea_abc\n");
        (await OutputAsync("state", "decode", packed.Trim()))
            .Should().Be("Redirect URL: https://budgea-sandbox.biapi.pro/\nState: abc\nWith fragment: no\n");

        var base64 = await OutputAsync("state", "encode", "--redirect-url", "https://example.org/cb?a=1");
        (await OutputAsync("state", "decode", base64.Trim()))
            .Should().Be("Redirect URL: https://example.org/cb?a=1\nState: (none)\nWith fragment: no\n");
        (await OutputAsync("state", "encode", "--redirect-url", "https://example.org/", "--with-fragment"))
            .Should().Be("B1401example.org\n");
        (await OutputAsync("state", "encode", "--redirect-url", "https://example.org/", "--format", "base64")).Should().StartWith("eyJ");
    }

    [TestCase(1, "no freestanding state", "state", "decode", "hello")]
    [TestCase(64, "must start with http", "state", "encode", "--redirect-url", "ftp://example.org")]
    [TestCase(64, "base64 can", "state", "encode", "--redirect-url", "https://example.org/x", "--format", "packed")]
    [TestCase(64, "--with-fragment", "state", "encode", "--redirect-url", "https://example.org/x", "--with-fragment")]
    [TestCase(64, "must not be empty", "listen", "powens", "")]
    public async Task WrongArguments_EndWithAMessage(int exitCode, string complaint, params string[] arguments)
    {
        await using var process = TealProcess.Run(_folder.Path, arguments);

        (await process.WaitAsync()).Should().Be(exitCode);
        process.Errors.Should().Contain(complaint);
    }

    private TealProcess Client(TealProcess server, params string[] arguments) =>
        TealProcess.Run(_folder.Path, [.. arguments, "--dispatcher", server.Dispatcher.ToString(), "--password", TestServer.Password]);

    private async Task<string> OutputAsync(params string[] arguments)
    {
        await using var process = TealProcess.Run(_folder.Path, arguments);
        (await process.WaitAsync()).Should().Be(0, process.Errors);
        return process.Output;
    }
}
