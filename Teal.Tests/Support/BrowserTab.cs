using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Teal.Tests.Support;

/// <summary>A browser's tab, and what happened in all the pages that it showed.</summary>
internal sealed class BrowserTab : IAsyncDisposable
{
    /// <summary>How long anything may take, in milliseconds.</summary>
    public static readonly float Limit = (float)Eventually.Limit.TotalMilliseconds;

    // Laid in every page before its own scripts, and so sees what a look at the last page would miss.
    private const string Tripwire = """
        Object.defineProperty(window, "pwned", { set() { console.error("pwned") } });
        for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = () => console.error("pwned");
        """;

    private readonly IBrowserContext _context;
    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _intrusions = new();

    private BrowserTab(IBrowserContext context, IPage page)
    {
        _context = context;
        _page = page;
        context.SetDefaultTimeout(Limit);
        context.Request += (_, request) => _requests.Enqueue(request.Url);
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) => Note(message);
    }

    /// <summary>The address, fragment included.</summary>
    public string Url => _page.Url;

    /// <summary>What the browser asked for.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>What the console shows in red.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    /// <summary>Where a script set <c>window.pwned</c>, or opened a dialog or a window.</summary>
    public IReadOnlyList<string> Intrusions => [.. _intrusions];

    public static async Task<BrowserTab> OpenAsync(IBrowserContext context)
    {
        await context.AddInitScriptAsync(Tripwire).WithinLimit();
        return new BrowserTab(context, await context.NewPageAsync().WithinLimit());
    }

    /// <summary>Has pages stay where they are when they want to go there: a 204 ends a navigation without a new page.</summary>
    public Task HoldBackFromAsync(Func<string, bool> isHeld) =>
        _context.RouteAsync(isHeld, route => route.FulfillAsync(new RouteFulfillOptions { Status = 204 })).WithinLimit();

    /// <summary>Does what entering an address does. Where it leads is for others to await.</summary>
    public Task GoAsync(string url) => _page.GotoAsync(url, new PageGotoOptions { WaitUntil = WaitUntilState.Commit }).WithinLimit();

    /// <summary>Waits until a page is loaded whose address, fragment included, is exactly that.</summary>
    /// <remarks>The library's own wait for an address misses a page that comes between its first look and its listening.</remarks>
    public async Task ArriveAsync(string url)
    {
        await Eventually.HoldsAsync(() => Url == url, $"the address {url}");
        await _page.WaitForFunctionAsync("document.readyState === 'complete'").WithinLimit();
    }

    /// <summary>Does what the back button does.</summary>
    public Task GoBackAsync() => _page.GoBackAsync(new PageGoBackOptions { WaitUntil = WaitUntilState.Commit }).WithinLimit();

    /// <summary>Waits until a person sees that text.</summary>
    public Task ShowsAsync(string text) =>
        Assertions.Expect(_page.Locator("body")).ToContainTextAsync(text, new() { UseInnerText = true, Timeout = Limit });

    /// <summary>The text that a person sees.</summary>
    public async Task<string> ReadAsync() => (await _page.InnerTextAsync("body").WithinLimit()).Trim();

    /// <summary>Evaluates an expression in the page as it stands.</summary>
    public Task<T> EvaluateAsync<T>(string expression) => _page.EvaluateAsync<T>(expression).WithinLimit();

    public async ValueTask DisposeAsync() => await _context.CloseAsync().WithinLimit();

    private void Note(IConsoleMessage message)
    {
        if (message.Text == "pwned") _intrusions.Enqueue(message.Location);
        else if (message.Type == "error") _errors.Enqueue(message.Text);
    }
}
