using Microsoft.AspNetCore.Http;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>The page for browsers in <c>docs/examples</c>.</summary>
[Category("Browser")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[NonParallelizable]
internal sealed class ExampleClientTests
{
    private static readonly string Page = $"file://{Path.GetFullPath(TealProcess.Metadata("RepositoryRoot"))}/docs/examples/client.html";

    private Browser _browser = null!;

    [OneTimeSetUp]
    public async Task StartBrowser() => _browser = await Browser.StartAsync();

    [OneTimeTearDown]
    public async Task StopBrowser()
    {
        // It is null where none could be started.
        if (_browser is not null) await _browser.DisposeAsync();
    }

    [Test]
    public async Task Page_WithADispatcher_ShowsTheCallbackUrl()
    {
        // A page from a file has no origin of its own.
        await using var server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:AllowedOrigins"] = "null" });
        await using var tab = await ConnectAsync(server.Dispatcher.ToString());

        await Eventually.HoldsAsync(
            async () => (await LogAsync(tab)).StartsWith($"Ready: {server.Listener}callback?state=", StringComparison.Ordinal),
            "a bound state");
    }

    [TestCase("ws://127.0.0.2:1/websocket", "Refused: leads to another host, 127.0.0.2")]
    [TestCase("wss://evil.example/websocket", "Refused: leads to another host, evil.example")]
    public async Task Page_WhoseDispatcherNamesAnotherHost_DoesNotConnect(string webSocketUrl, string refusal)
    {
        await using var liar = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            return context.Response.WriteAsync($"{{\"websocket_url\":\"{webSocketUrl}\",\"callback_url\":\"http://a/\"}}");
        });
        await using var tab = await ConnectAsync(liar.Origin);

        await Eventually.HoldsAsync(async () => (await LogAsync(tab)).StartsWith(refusal, StringComparison.Ordinal), "a refusal");
    }

    private async Task<BrowserTab> ConnectAsync(string dispatcher)
    {
        var tab = await _browser.OpenAsync();
        await tab.GoAsync(Page);
        await tab.ArriveAsync(Page);
        await tab.EvaluateAsync<string>(
            $"(form.elements.dispatcher.value = '{dispatcher}', form.elements.password.value = '{TestServer.Password}', "
                + "form.querySelector('button').click(), '')");
        return tab;
    }

    private static Task<string> LogAsync(BrowserTab tab) => tab.EvaluateAsync<string>("document.getElementById('log').innerText");
}
