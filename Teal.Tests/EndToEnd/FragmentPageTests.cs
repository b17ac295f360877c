using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Specification 2.1, as an end user's browser goes through it.</summary>
[Category("Browser")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Parallelizable(ParallelScope.Self)]
internal sealed class FragmentPageTests
{
    private const string Done = "The application has received your sign-in. You can close this window and go back to the application.";
    private const string Failed = "The sign-in was not completed";
    private const string Expired = "This link has expired";
    private const string Incomplete = "This link is not complete";

    private Browser _browser = null!;

    [OneTimeSetUp]
    public async Task StartBrowser() => _browser = await Browser.StartAsync();

    [OneTimeTearDown]
    public async Task StopBrowser()
    {
        // It is null where none could be started.
        if (_browser is not null) await _browser.DisposeAsync();
    }

    [TestCase(
        "/callback#state=S&code=4%2F0+b~'c'/%C3%A9", "/callback#state=S&code=4%2F0+b~'c'/%C3%A9", TestName = "{m}(all in the fragment)")]
    [TestCase("/errback#error=access_denied&state=S", "/errback#error=access_denied&state=S", TestName = "{m}(error)")]
    [TestCase("/callback?state=S&scope=a%20b#code=1", "/callback?state=S&scope=a%20b#code=1", TestName = "{m}(state in the query)")]
    [TestCase("/callback?state=S", "/callback?state=S", TestName = "{m}(no fragment)")]
    [TestCase("/callback&state=S&path=a/b#code=1", "/callback?state=S&path=a/b#code=1", TestName = "{m}(alternative separator)")]
    [TestCase("/callback/#state=S&code=1", "/callback#state=S&code=1", TestName = "{m}(slash at the end)")]
    public async Task Callback_WithFragment_RaisesOneEventWithWholeUrlAndLeadsToFinalUrl(string target, string expected)
    {
        await using var server = await TestServer.StartAsync();
        await using var destination = await LoopbackServer.StartAsync();
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        var final = destination.Origin + "/end/%41%2f?b=2&a=+%20&b=1#there";
        await client.BindAsync("S", final, withFragment: true);

        await using var tab = await _browser.OpenAsync();
        await tab.GoAsync(OriginOf(server) + target);
        await tab.ArriveAsync(final);

        destination.Targets.Should().Equal("/end/%41%2f?b=2&a=+%20&b=1");
        await ReceivesOneEventAsync(client, OriginOf(server) + expected);
    }

    [TestCase("/done", "/done#access_token=x")]
    [TestCase("/done#", "/done#")]
    [TestCase("/done#there", "/done#there")]
    public async Task Callback_ThatRedirectsAtOnce_HasTheBrowserCarryTheFragmentOverUnlessTheFinalUrlHasOne(string final, string arrival)
    {
        await using var server = await TestServer.StartAsync();
        await using var destination = await LoopbackServer.StartAsync();
        await server.BindAsync("S", destination.Origin + final);

        await using var tab = await _browser.OpenAsync();
        await tab.GoAsync($"{OriginOf(server)}/callback?state=S#access_token=x");

        await tab.ArriveAsync(destination.Origin + arrival);
    }

    [TestCase(true, true, "/teal/callback#state=S&code=1")]
    [TestCase(true, false, "/teal/callback#state=S&code=1")]
    [TestCase(false, true, "/teal/callback#state=S&code=1")]
    [TestCase(true, true, "/teal/callback?state=S#code=1")]
    [TestCase(true, false, "/teal/callback?state=S#code=1")]
    public async Task Callback_BelowPathPrefix_RaisesOneEventWithWholeUrlAndLeadsToFinalUrl(
        bool isPrefixConfigured, bool proxyStripsPrefix, string target)
    {
        await using var proxy = await ReverseProxy.StartAsync(path => proxyStripsPrefix ? path["/teal".Length..] : path);
        var settings = new Dictionary<string, string>();
        if (isPrefixConfigured) settings["Listener:PublicUrl"] = proxy.Origin + "/teal";
        await using var server = await TestServer.StartAsync(settings);
        proxy.Upstream = server.Listener;
        await using var destination = await LoopbackServer.StartAsync();
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.BindAsync("S", destination.Origin + "/end", withFragment: true);

        await using var tab = await _browser.OpenAsync();
        await tab.GoAsync(proxy.Origin + target);
        await tab.ArriveAsync(destination.Origin + "/end");

        await ReceivesOneEventAsync(client, proxy.Origin + target);
    }

    [TestCase("/callback?state=S", false)]
    [TestCase("/callback#state=S", true)]
    [TestCase("/errback#state=S", false)]
    public async Task Callback_NoFinalRedirectUrl_SaysThatTheWindowCanBeClosed(string target, bool withFragment)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.BindAsync("S", withFragment: withFragment);

        await using var tab = await _browser.OpenAsync();
        await tab.GoAsync(OriginOf(server) + target);

        await tab.ShowsAsync(Done);
        await ReceivesOneEventAsync(client, OriginOf(server) + target);
    }

    [Test]
    public async Task FragmentPage_WithoutJavaScript_SaysWhatToDo()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.BindAsync("S", withFragment: true);

        await using var tab = await _browser.OpenAsync(runsScripts: false);
        await tab.GoAsync(OriginOf(server) + "/callback#state=S");

        (await tab.ReadAsync()).Should().StartWith("One more step")
            .And.Contain("Allow JavaScript for this page and load it again").And.NotContain("One moment");
        tab.Url.Should().Be(OriginOf(server) + "/callback#state=S");
        await client.ReceivesNothingAsync();
    }

    [Test]
    public async Task FragmentPage_UnderItsPolicy_IsStyledRunsItsScriptAndNoOther()
    {
        await using var server = await TestServer.StartAsync();
        await using var tab = await _browser.OpenAsync();
        await tab.HoldBackFromAsync(url => url.Contains("/raw-callback", StringComparison.Ordinal));
        await tab.GoAsync(OriginOf(server) + "/callback#state=S");
        await Eventually.HoldsAsync(() => tab.Requests.Count == 2, "the script's navigation");

        (await tab.ReadAsync()).Should().StartWith("One moment").And.NotContain("JavaScript");
        tab.Url.Should().Be(OriginOf(server) + "/callback#state=S");
        tab.Requests[1].Should().StartWith(OriginOf(server) + "/raw-callback?full_url=");
        await IsStyledAsync(tab);
        tab.Errors.Should().BeEmpty();
        await RefusesOtherScriptsAsync(tab);
    }

    [Test]
    public async Task MessagePage_UnderItsPolicy_IsStyledAndRunsNoScript()
    {
        await using var server = await TestServer.StartAsync();
        await server.BindAsync("S", withFragment: true);
        await using var tab = await _browser.OpenAsync();
        await tab.GoAsync(OriginOf(server) + "/callback#state=S");

        await tab.ShowsAsync(Done);
        await IsStyledAsync(tab);
        tab.Errors.Should().BeEmpty();
        tab.Requests.Should().HaveCount(2);
        await RefusesOtherScriptsAsync(tab);
    }

    [Test]
    public async Task FinalUrl_BackButton_LeadsToThePageBeforeTheCallback()
    {
        await using var server = await TestServer.StartAsync();
        await using var site = await LoopbackServer.StartAsync();
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.BindAsync("S", site.Origin + "/end", withFragment: true);

        await using var tab = await _browser.OpenAsync();
        await tab.GoAsync(site.Origin + "/start");
        await tab.ArriveAsync(site.Origin + "/start");
        await tab.GoAsync(OriginOf(server) + "/callback#state=S");
        await tab.ArriveAsync(site.Origin + "/end");
        await tab.GoBackAsync();
        await tab.ArriveAsync(site.Origin + "/start");

        await ReceivesOneEventAsync(client, OriginOf(server) + "/callback#state=S");
    }

    [Test]
    public async Task Pages_HostileParameters_RunNothingAndStayOnTheOrigin([ValueSource(nameof(HostileTexts))] string text)
    {
        await using var server = await TestServer.StartAsync();
        await server.BindAsync("S", withFragment: true);
        (string Target, string Message)[] cases =
        [
            ($"/callback?state={text}", Expired),
            ($"/callback#{text}", Incomplete),
            ($"/callback#state={text}", Expired),
            ($"/callback&{text}&code={text}#state=S&code={text}", Done),
            ($"/errback?{text}#state={text}", Expired),
            ($"/errback?state=S&error={text}#{text}", Failed),
            ($"/raw-callback?full_url={text}%23state={text}", Expired),
            ($"/raw-callback?full_url={text}#state={text}", Incomplete),
            ($"/raw-callback?full_url={text}%3Fstate=S", Done),
            ($"/raw-callback?{text}#full_url={text}", Incomplete),
        ];

        // Escaping has to do it alone: the policy is the second line, and would hide a hole in the first.
        await using var tab = await _browser.OpenAsync(obeysPolicies: false);
        foreach (var (target, message) in cases)
        {
            await tab.GoAsync(OriginOf(server) + target);
            await tab.Awaiting(it => it.ShowsAsync(message)).Should().NotThrowAsync("{0} is the answer to {1}", message, target);
        }

        tab.Intrusions.Should().BeEmpty();
        StaysOn(tab, OriginOf(server));
    }

    // A proxy may merge slashes, or look at the end of a path only, and so serve the page at such an address.
    [TestCase("//evil.example/callback#state=X")]
    [TestCase("//evil.example/callback?code=1#state=X")]
    [TestCase("//evil.example&a=//evil.example/callback#state=X")]
    [TestCase("///evil.example//callback#state=X")]
    [TestCase("/\\evil.example/callback#state=X")]
    public async Task FragmentPage_PathThatLooksLikeAHost_StaysOnTheOrigin(string target)
    {
        await using var proxy = await ReverseProxy.StartAsync(
            path => path.Contains(
                "/raw-callback", StringComparison.Ordinal) ? path[path.IndexOf("/raw-callback", StringComparison.Ordinal)..] : "/callback");
        await using var server = await TestServer.StartAsync();
        proxy.Upstream = server.Listener;

        await using var tab = await _browser.OpenAsync();
        await tab.GoAsync(proxy.Origin + target);

        await tab.ShowsAsync(Expired);
        StaysOn(tab, proxy.Origin);
    }

    [TestCase("//evil.example/callback", 404)]
    [TestCase("//evil.example/callback/", 404)]
    [TestCase("//evil.example/..//callback/", 404)]
    [TestCase("/callback//evil.example/", 404)]
    [TestCase("/callback/", 307)]
    [TestCase("/callback//", 404)]
    public async Task Listener_PathThatLooksLikeAHost_RedirectsNowhereElse(string target, int status)
    {
        await using var server = await TestServer.StartAsync();

        var answer = await server.GetAsync(target, "Accept: text/html");

        answer.Status.Should().Be(status);
        if (answer["Location"] is { } location)
            new Uri(new Uri(OriginOf(server) + target), location).Should().Be(new Uri(server.Listener, "/callback"));
    }

    private static IEnumerable<string> HostileTexts()
    {
        string[] texts =
        [
            "\"><script>window.pwned=1</script>",
            "</script><script>window.pwned=1</script>",
            "</title></style></noscript><img src=x onerror=alert(1)>",
            "'-alert(1)-'",
            "javascript:alert(1)",
            "//evil.example/",
        ];
        return texts.SelectMany(text => new[] { text, Uri.EscapeDataString(text) });
    }

    private static string OriginOf(TestServer server) => server.Listener.GetLeftPart(UriPartial.Authority);

    private static void StaysOn(BrowserTab tab, string origin)
    {
        tab.Url.Should().StartWith(origin + "/");
        tab.Requests.Should().OnlyContain(url => url.StartsWith(origin + "/", StringComparison.Ordinal));
    }

    private static async Task IsStyledAsync(BrowserTab tab) =>
        (await tab.EvaluateAsync<string>("getComputedStyle(document.body).display")).Should().Be("flex", "the page's style says so");

    // Last in a test: the browser complains of the attempt.
    private static async Task RefusesOtherScriptsAsync(BrowserTab tab)
    {
        var refused = await tab.EvaluateAsync<string>("""
            () => new Promise(resolve => {
              document.addEventListener("securitypolicyviolation", violation => resolve(violation.effectiveDirective));
              const script = document.createElement("script");
              script.textContent = "window.pwned = 1";
              document.body.append(script);
            })
            """);
        refused.Should().Be("script-src-elem");
        tab.Intrusions.Should().BeEmpty();
    }

    private static async Task ReceivesOneEventAsync(TestClient client, string url)
    {
        using var message = JsonDocument.Parse((await client.ReceiveAsync())!);
        message.RootElement.GetProperty("type").GetString().Should().Be("callback");
        message.RootElement.GetProperty("state").GetString().Should().Be("S");
        message.RootElement.GetProperty("url").GetString().Should().Be(url);
        await client.ReceivesNothingAsync();
    }
}
