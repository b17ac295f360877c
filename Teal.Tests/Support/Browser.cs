using Microsoft.Playwright;

namespace Teal.Tests.Support;

/// <summary>
/// One Chromium, for all tests of a fixture. It reaches loopback addresses and nothing else. It is the one without a window, menus and
/// tabs, whose pages of their own would take longer than the tests.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Executable = "/usr/bin/chromium-headless-shell";

    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _chromium;

    private Browser(IPlaywright playwright, IBrowser chromium)
    {
        _playwright = playwright;
        _chromium = chromium;
    }

    /// <summary>Starts one; where none is installed the tests are ignored, or fail where the environment demands them.</summary>
    public static async Task<Browser> StartAsync()
    {
        Services.Need(File.Exists(Executable), $"{Executable} is not installed; test.sh installs it");

        var playwright = await Playwright.CreateAsync().WithinLimit();
        var options = new BrowserTypeLaunchOptions { ExecutablePath = Executable, Args = Arguments, Timeout = BrowserTab.Limit };
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(options).WithinLimit());
    }

    /// <summary>Opens a tab that shares nothing with others.</summary>
    /// <param name="runsScripts">Whether JavaScript is allowed.</param>
    /// <param name="obeysPolicies">Whether pages' content security policies hold.</param>
    public async Task<BrowserTab> OpenAsync(bool runsScripts = true, bool obeysPolicies = true)
    {
        var options = new BrowserNewContextOptions { JavaScriptEnabled = runsScripts, BypassCSP = !obeysPolicies };
        return await BrowserTab.OpenAsync(await _chromium.NewContextAsync(options).WithinLimit());
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.CloseAsync().WithinLimit();
        _playwright.Dispose();
    }
}
