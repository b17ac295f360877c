using Microsoft.Extensions.Logging;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>No secret is ever written to a log (specification 7, promise 5).</summary>
[NonParallelizable]
public sealed class SecrecyTests
{
    private static readonly string[] Secrets =
    [
        "s3cr3t-state", "s3cr3t-code", "s3cr3t-redirect", "s3cr3t-password", "s3cr3t-frame", TestServer.Password + "\"",
        "YW5vbnltb3VzOmFiYw",
    ];

    [Test]
    public async Task Log_AtTheMostTalkativeLevelBelowTrace_HoldsNoSecret()
    {
        using var folder = new TemporaryFolder();
        await using var process = await TealProcess.ServeAsync(folder.Path);

        await UseAsync(process.Listener, process.Dispatcher);
        process.Signal(TealProcess.Terminate);
        (await process.WaitAsync()).Should().Be(0);

        var text = process.Output + process.Errors;
        foreach (var secret in Secrets) text.Should().NotContain(secret);
    }

    [TestCase("Debug")]
    [TestCase("Information")]
    public async Task Log_OfTheBinaryAtAnyLevel_HoldsNoSecret(string level)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("appsettings.json"), """
            {"Logging":{"LogLevel":{"Default":"LEVEL","Microsoft":"LEVEL","Microsoft.AspNetCore":"LEVEL","Microsoft.AspNetCore.Hosting.Diagnostics":"LEVEL"},
             "Console":{"LogLevel":{"Default":"LEVEL","Microsoft.AspNetCore.Routing":"LEVEL"}}}}
            """.Replace("LEVEL", level, StringComparison.Ordinal));
        await using var process = await TealProcess.ServeAsync(folder.Path);

        await UseAsync(process.Listener, process.Dispatcher);
        process.Signal(TealProcess.Terminate);
        (await process.WaitAsync()).Should().Be(0);

        var text = process.Output + process.Errors;
        if (level == "Debug") text.Should().Contain("Callback accepted (request ");
        foreach (var secret in Secrets) text.Should().NotContain(secret);
    }

    [TestCase("*.Hosting.Diagnostics")]
    [TestCase("Micro*.Hosting.Diagnostics")]
    public async Task Log_WithAWildcardForTheFramework_HoldsNoSecret(string category)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder.Combine("appsettings.json"), "{\"Logging\":{\"LogLevel\":{\"" + category + "\":\"Information\"}}}");
        await using var process = await TealProcess.ServeAsync(folder.Path);

        await UseAsync(process.Listener, process.Dispatcher);
        process.Signal(TealProcess.Terminate);
        (await process.WaitAsync()).Should().Be(0);

        foreach (var secret in Secrets) (process.Output + process.Errors).Should().NotContain(secret);
    }

    [Test]
    public async Task Log_OfEachMessageOfTeal_HoldsNoSecret()
    {
        await using var server = await TestServer.StartAsync();

        await UseAsync(server.Listener, server.Dispatcher);

        var lines = server.Log.Lines.Where(
            line => line.Level > LogLevel.Trace && line.Category.StartsWith("Teal", StringComparison.Ordinal)).ToArray();
        lines.Should().NotBeEmpty();
        foreach (var secret in Secrets) lines.Should().NotContain(line => line.Text.Contains(secret, StringComparison.Ordinal));
    }

    private static async Task UseAsync(Uri listener, Uri dispatcher)
    {
        await using var client = await TestClient.ConnectAsync(dispatcher);
        await client.BindAsync("s3cr3t-state", "https://example.org/s3cr3t-redirect");
        await client.SendAsync("{\"s3cr3t-frame\":");
        await client.SendProbeAsync("s3cr3t-state");
        await client.ReceiveAsync();
        foreach (var target in new[]
        {
            "/callback?state=s3cr3t-state&code=s3cr3t-code", "/callback&state=s3cr3t-state&code=s3cr3t-code",
            "/callback?state=s3cr3t-state-unknown",
            "/nothing?code=s3cr3t-code", "/s3cr3t-code",
            "/raw-callback?full_url=https%3A%2F%2Fx%2F%23state%3Ds3cr3t-state%26code%3Ds3cr3t-code",
            "/callback?state=s3cr3t-state&x=\u00ff", $"/callback?state=s3cr3t-state&x={new string('x', 100_000)}",
        })
            await RawHttp.SendAsync(listener, "GET", target, []);
        await RawHttp.SendAsync(listener, "s3cr3t-code GET / HTTP/1.1\r\n\r\n"u8.ToArray());

        var refused = () => TestClient.ConnectAsync(dispatcher, "s3cr3t-password");
        await refused.Should().ThrowAsync<Exception>();
        await RawHttp.SendAsync(dispatcher, "GET", "/websocket?credentials=s3cr3t-password", []);
    }
}
