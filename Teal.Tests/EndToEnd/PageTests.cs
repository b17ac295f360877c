using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>The pages that end users see (specification 2.1): they say what happened, and whose they are.</summary>
public sealed class PageTests
{
    private const string Browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    // {"state":"S","error":"access_denied"}
    private const string DeniedJwt = "e30.eyJzdGF0ZSI6IlMiLCJlcnJvciI6ImFjY2Vzc19kZW5pZWQifQ.c2ln";

    [TestCase("/callback?state=S&code=x", 200, "Done")]
    [TestCase("/errback?state=S&error=access_denied&error_description=The+user+said+no", 200, "The sign-in was not completed")]
    [TestCase("/callback?state=S&error=x", 200, "The sign-in was not completed")]
    [TestCase("/errback?state=S", 200, "The sign-in was not completed")]
    [TestCase("/callback?state=S&error=", 200, "Done")]
    [TestCase("/callback?response=" + DeniedJwt, 200, "The sign-in was not completed")]
    [TestCase(
        "/raw-callback?full_url=https%3A%2F%2Fx%2Fcallback%23state%3DS%26error%3Daccess_denied", 200, "The sign-in was not completed")]
    [TestCase("/callback?state=unknown", 404, "This link has expired")]
    [TestCase("/callback?state=", 400, "This link is not complete")]
    [TestCase("/raw-callback", 400, "This link is not complete")]
    [TestCase("/raw-callback?full_url=https%3A%2F%2Fx%2F", 400, "This link is not complete")]
    [TestCase("/callback", 200, "One moment")]
    [TestCase("/", 404, "This address has no page")]
    [TestCase("/login.php", 404, "This address has no page")]
    [TestCase("/openid-ciba-callback", 405, "Something went wrong")]
    public async Task Get_ByABrowser_SaysWhatHappenedAndIsStoredNowhere(string target, int status, string title)
    {
        await using var server = await TestServer.StartAsync();
        await server.BindAsync("S");

        var answer = await server.GetAsync(target, Browser);

        answer.Status.Should().Be(status);
        answer.Body.Should().Contain($">{title}</h1>")
            .And.Contain("<html lang=\"en\">").And.NotContain("The user said").And.NotContain("{{");
        answer["Content-Language"].Should().Be("en");
        answer["Cache-Control"].Should().Be("no-store");
        answer.Body.Should().Contain($"<code>{answer["X-Request-ID"]}</code>");
    }

    [Test]
    public async Task Get_Prefetched_SaysToTryAgain()
    {
        await using var server = await TestServer.StartAsync();
        await server.BindAsync("S");

        (await server.GetAsync("/callback?state=S", Browser, "Sec-Purpose: prefetch"))
            .Body.Should().Contain("<h1>Please try again in a moment</h1>");
    }

    [Test]
    public async Task Get_WithAHostileRequestId_HasItEscaped()
    {
        await using var server = await TestServer.StartAsync();

        (await server.GetAsync("/", Browser, "X-Request-ID: <script>&\"'"))
            .Body.Should().Contain("<code>&lt;script&gt;&amp;&quot;&#x27;</code>");
    }

    [TestCase("de", "Fertig")]
    [TestCase("fr", "C’est fait")]
    [TestCase("es", "Listo")]
    public async Task Get_ByABrowserOfAnotherLanguage_SpeaksIt(string language, string title)
    {
        await using var server = await TestServer.StartAsync();
        await server.BindAsync("S");

        var answer = await server.GetAsync("/callback?state=S", Browser, $"Accept-Language: {language}");

        answer.Body.Should().Contain($"<h1>{title}</h1>").And.Contain($"<html lang=\"{language}\">");
        answer["Content-Language"].Should().Be(language);
    }

    [Test]
    public async Task Get_OfAnOperatorsListener_ShowsItsNameLogoColourAndHelp()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("logo.svg"), "<svg/>");
        await using var server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Pages:Name"] = "Bücher & Söhne",
            ["Pages:Logo"] = folder.Combine("logo.svg"),
            ["Pages:Colour"] = "#c0ffee",
            ["Pages:SupportUrl"] = "https://example.org/help?a=1&b=2",
        });

        var answer = await server.GetAsync("/", Browser);

        answer.Body.Should().ContainAll(
            "<span>Bücher &amp; Söhne</span>", "<img src=\"data:image/svg+xml;base64,PHN2Zy8+\" alt=\"\">", "--accent: #c0ffee",
            "<a href=\"https://example.org/help?a=1&amp;b=2\" rel=\"noreferrer\">Get help</a>");
        answer["Content-Security-Policy"].Should().Contain("img-src data:").And.NotContain("unsafe");
    }

    [Test]
    public async Task Get_OfADispatcher_StaysPlain()
    {
        await using var server = await TestServer.StartAsync();

        (await RawHttp.SendAsync(server.Dispatcher, "GET", "/nowhere", [Browser])).Body.Should().Be("Not Found\n");
    }
}
