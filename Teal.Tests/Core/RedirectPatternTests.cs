using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Addresses;
using Teal.Tests.Support;

namespace Teal.Tests.Core;

/// <summary>Allow-lists of redirects (specification 8.6); the attacks are those of RFC 9700 section 4.1, and of open redirectors.</summary>
public sealed class RedirectPatternTests
{
    private const string App = "https://app.example.org/*", Local = "http://localhost:*/*", Below = "https://*.example.org/cb";

    [TestCase(App, "https://app.example.org/")]
    [TestCase(App, "https://app.example.org")]
    [TestCase(App, "https://app.example.org?state=def")]
    [TestCase(App, "https://app.example.org#x")]
    [TestCase(App, "HTTPS://APP.Example.ORG:443/Any/Path?x=https://evil.example/#@evil.example")]
    [TestCase(App, "https://app.example.org:/cb")]
    [TestCase(App, "https://app.example.org:0443/cb")]
    [TestCase(App, "https://app.example.org/a/../b", Description = "wherever it leads, it is there")]
    [TestCase(App, "https://app.example.org//evil.example/", Description = "a path of that host")]
    [TestCase(App, "https://app.example.org/group%2Fproject")]
    [TestCase(App, "https://ａｐｐ.example。org/", Description = "as browsers map it")]
    [TestCase("https://app.example.org:443/*", "https://app.example.org/")]
    [TestCase("HTTPS://App.Example.Org/*", "https://app.example.org/")]
    [TestCase(Local, "http://localhost/")]
    [TestCase(Local, "http://localhost:8080/cb")]
    [TestCase(Local, "http://LOCALHOST:65535/cb?x")]
    [TestCase("http://127.0.0.1:*/cb", "http://127.0.0.1:49152/cb")]
    [TestCase("http://[::1]:*/cb", "http://[::1]:49152/cb")]
    [TestCase(Below, "https://a.example.org/cb")]
    [TestCase(Below, "https://a.b.example.org/cb?state=def&next=//evil.example")]
    [TestCase("https://*.bücher.example/cb", "https://a.xn--bcher-kva.example/cb")]
    [TestCase("https://example.org/é/*", "https://example.org/%C3%A9/x")]
    [TestCase("https://example.org/%C3%A9", "https://example.org/é")]
    [TestCase("https://example.org/", "https://example.org")]
    [TestCase("https://example.org/a/*", "https://example.org/a/b/c?../x")]
    [TestCase("https://example.org/a/*", "https://example.org/a/..b/.c/...")]
    public void Matches_AUrlOfThePattern_Does(string pattern, string url) => Matches(pattern, url).Should().BeTrue();

    // Those that no reader of URLs takes are refused before they come here, and refused all the same.
    [TestCase("https://app.example.org@evil.example/")]
    [TestCase("https://app.example.org:pass@evil.example/")]
    [TestCase("https://app.example.org%40evil.example/")]
    [TestCase("https://user@app.example.org/", Description = "the right host, with a name that shows another")]
    [TestCase("https://@app.example.org/")]
    [TestCase("https://:@app.example.org/")]
    [TestCase("https://evil.example@app.example.org/")]
    [TestCase("https://evil.example\\@app.example.org/")]
    [TestCase("https://app.example.org\\@evil.example/")]
    [TestCase("https://app.example.org\\.evil.example/")]
    [TestCase("https://app.example.org\\evil.example/")]
    [TestCase("https://evil.example\\.app.example.org/")]
    [TestCase("https:\\\\evil.example/")]
    [TestCase("https:/\\evil.example/")]
    [TestCase("https://app.example.org/\\evil.example/")]
    [TestCase("https://app.example.org/a\\..\\b")]
    [TestCase("https://evil.example/@app.example.org/")]
    [TestCase("https://evil.example?@app.example.org/")]
    [TestCase("https://evil.example#@app.example.org/")]
    [TestCase("https://evil.example;@app.example.org/")]
    public void Matches_UserInformationAndBackslashesInRedirects_AreRefused(string url) => Matches(App, url).Should().BeFalse();

    [TestCase(App, "https://app.example.org.evil.example/")]
    [TestCase(App, "https://app.example.orgevil.example/")]
    [TestCase(App, "https://evilapp.example.org/")]
    [TestCase(App, "https://app.example.org-evil.example/")]
    [TestCase(App, "https://app.example.org:443.evil.example/")]
    [TestCase(App, "https://app.example.org%2eevil.example/")]
    [TestCase(App, "https://x.app.example.org/")]
    [TestCase(App, "https://example.org/")]
    [TestCase(Local, "http://localhost.evil.example:8080/")]
    [TestCase(Local, "http://localhost:8080.evil.example/")]
    [TestCase(Local, "http://localhost:8080@evil.example/")]
    [TestCase(Below, "https://example.org/cb", Description = "below it, and not itself")]
    [TestCase(Below, "https://evilexample.org/cb")]
    [TestCase(Below, "https://.example.org/cb")]
    [TestCase(Below, "https://a.example.org.evil.example/cb")]
    [TestCase(Below, "https://evil.example/.example.org/cb")]
    [TestCase(Below, "https://evil.example?.example.org/cb")]
    [TestCase(Below, "https://evil.example#.example.org/cb")]
    [TestCase(Below, "https://evil.example／.example.org/cb")]
    [TestCase(Below, "https://a.example.org/cb2")]
    [TestCase(Below, "https://a.example.org/cb/")]
    [TestCase(Below, "https://a.example.org/CB")]
    [TestCase(Below, "https://a.example.org/%63b", Description = "the same to some servers")]
    [TestCase("https://example.org/a/*", "https://example.org/a")]
    [TestCase("https://example.org/a/*", "https://example.org/ab/")]
    [TestCase("https://example.org/a/*", "https://example.org/?/a/")]
    [TestCase("https://example.org/a/*", "https://example.org/#/a/")]
    public void Matches_PrefixConfusionInPatterns_IsRefused(string pattern, string url) => Matches(pattern, url).Should().BeFalse();

    [TestCase("https://example.org/a/../evil")]
    [TestCase("https://example.org/a/b/../../evil")]
    [TestCase("https://example.org/a/..")]
    [TestCase("https://example.org/a/./b")]
    [TestCase("https://example.org/a/%2e%2e/evil")]
    [TestCase("https://example.org/a/.%2E/evil")]
    [TestCase("https://example.org/a/%252e%252e/evil", Description = "to a server that decodes twice")]
    [TestCase("https://example.org/a/x%2f..%2f..%2fevil", Description = "to a server that decodes before it splits")]
    [TestCase("https://example.org/a/..\\evil")]
    [TestCase("https://example.org/a/..%5cevil")]
    [TestCase("https://example.org/a/..;/evil", Description = "to a server whose segments have parameters")]
    [TestCase("https://example.org/a/..;x=y/evil")]
    public void Matches_DotSegmentsBelowAPath_AreRefused(string url) => Matches("https://example.org/a/*", url).Should().BeFalse();

    [TestCase(App, "http://app.example.org/")]
    [TestCase(App, "https://app.example.org:8443/")]
    [TestCase(App, "https://app.example.org:80/")]
    [TestCase(App, "https://app.example.org:99999/")]
    [TestCase(App, "https://app.example.org./", Description = "a server may show another host's pages there")]
    [TestCase(App, "https://app.example.org../")]
    [TestCase(App, "https://аpp.example.org/", Description = "a Cyrillic letter")]
    [TestCase(App, "https://app.examp1e.org/")]
    [TestCase(App, "//app.example.org/")]
    [TestCase(App, "https:///app.example.org/")]
    [TestCase(App, "https:app.example.org/")]
    [TestCase(App, "javascript:alert(1)//https://app.example.org/")]
    [TestCase(App, "data:text/html,https://app.example.org/")]
    [TestCase(App, " https://app.example.org/")]
    [TestCase(App, "https://app.example.org/\tx")]
    [TestCase(App, "https://evil.example/\r\nLocation: https://app.example.org/")]
    [TestCase(App, "https://app\u00ad.example.org\u200b.evil.example/")]
    [TestCase(Local, "https://localhost:8080/")]
    [TestCase(Local, "http://localhost./")]
    [TestCase(Local, "http://127.0.0.1/", Description = "another name, perhaps another server")]
    [TestCase("http://127.0.0.1:*/*", "http://0177.0.0.1/")]
    [TestCase("http://127.0.0.1:*/*", "http://2130706433/")]
    [TestCase("http://127.0.0.1:*/*", "http://127.0.0.1.evil.example/")]
    [TestCase("http://[::1]:*/*", "http://[::1].evil.example/")]
    [TestCase("http://[::1]:*/*", "http://[::2]/")]
    public void Matches_AnotherSchemeHostOrPort_DoesNot(string pattern, string url) => Matches(pattern, url).Should().BeFalse();

    [TestCase("", "scheme, a host and a path")]
    [TestCase("*", "scheme, a host and a path")]
    [TestCase("/cb", "scheme, a host and a path")]
    [TestCase("https://app.example.org", "scheme, a host and a path")]
    [TestCase("https://app.example.org*", "scheme, a host and a path")]
    [TestCase("https://app.example.org*/", "valid host")]
    [TestCase("https://*/cb", "valid host")]
    [TestCase("https://*example.org/cb", "valid host")]
    [TestCase("https://a.*.org/cb", "valid host")]
    [TestCase("https://**.example.org/cb", "valid host")]
    [TestCase("*://app.example.org/cb", "http:// or https://")]
    [TestCase("ftp://app.example.org/cb", "http:// or https://")]
    [TestCase("https://user@app.example.org/cb", "user name")]
    [TestCase("https://*@app.example.org/cb", "user name")]
    [TestCase("https://app.example.org./cb", "dot at the end")]
    [TestCase("https://app.example.org:8*/cb", "port")]
    [TestCase("https://app.example.org:80:*/cb", "one port")]
    [TestCase("https://app.example.org/cb?x", "query")]
    [TestCase("https://app.example.org/cb#x", "fragment")]
    [TestCase("https://app.example.org?x/cb", "query")]
    [TestCase("https://app.example.org/cb*", "behind a slash")]
    [TestCase("https://app.example.org/*/cb", "behind a slash")]
    [TestCase("https://app.example.org/**", "behind a slash")]
    [TestCase("https://app.example.org/a/../b", "dot segments")]
    [TestCase("https://app.example.org/a%2Fb/*", "dot segments")]
    [TestCase("https://app.example.org/a\\b", "dot segments")]
    [TestCase("https://app.example.org\\/cb", "backslash")]
    [TestCase("https://app.example.org/a b", "blanks")]
    public void TryParse_WhatIsNoPattern_SaysWhy(string text, string fault)
    {
        RedirectPattern.TryParse(text, out var pattern, out var said).Should().BeFalse();
        pattern.Should().BeNull();
        said.Should().StartWith("must ").And.Contain(fault);
    }

    [Test]
    public void TryParse_ATooLongText_IsRefused() =>
        RedirectPattern.TryParse($"https://example.org/{new string('a', 1024)}", out _, out _).Should().BeFalse();

    [Test]
    public void Matches_AnyUrl_OnlyWhereABrowserGoesThere()
    {
        string[] patterns =
        [
            App, Local, Below, "https://example.org/a/*", "https://app.example.org:8443/a", "http://127.0.0.1:*/a/*", "http://[::1]:*/a",
        ];
        var cases = from pattern in Gen.Elements(patterns) from url in HostileUrls select (pattern, url);

        var matches = 0;

        Prop.ForAll(cases.ToArbitrary(), test =>
        {
            if (!HttpUrl.TryParse(test.url, out var url, out _) || !Parse(test.pattern).Matches(url!)) return true;

            matches++;
            return IsThere(test.pattern, BrowserUrl.Read(url!.ToAscii()));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

        matches.Should().BeGreaterThan(200, "the URLs are not all refused");
    }

    [Test]
    public void TryParse_AnyText_NeverThrowsAndSaysWhatIsWrong()
    {
        var texts = Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), HostileUrls, HostileUrls.Select(static url => url + "/*"));

        Prop.ForAll(texts.ToArbitrary(), static text => text is null
            || (RedirectPattern.TryParse(text, out var pattern, out var fault) ? pattern.Text == text && fault is null : fault is not null))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    // What readers of URLs disagree on.
    private static Gen<string> Pieces => Gen.Elements(
        "app", "example", "org", ".example.org", "app.example.org", "localhost", "evil.example", "127.0.0.1", "[::1]", ".", "..", "/", "//",
        "\\", "@", ":", ":443", ":8443", ":80", "?", "#", ";", "%2e", "%2f", "%5c", "%40", "%00", "%25", "/a", "/a/", "/cb", "*", "。", "／",
        "＠", "ａ", "\u00ad", "\u200b", "é", "\t", "\n", " ", "xn--", "x");

    // Of such pieces in any order, or with some of them in a URL that is right.
    private static Gen<string> HostileUrls => Gen.OneOf(
        from scheme in Gen.Elements("https://", "http://", "HTTPS://", "https:", "https:/", "https:\\\\", "//", "")
        from pieces in Pieces.ArrayOf().Resize(8)
        select scheme + string.Concat(pieces),
        from url in Gen.Elements(
            "https://app.example.org/x", "http://localhost:8080/", "https://a.example.org/cb", "https://example.org/a/b/c",
            "https://app.example.org:8443/a", "http://127.0.0.1/a/b", "http://[::1]:80/a")
        from pieces in Pieces.ArrayOf().Resize(2)
        from places in Gen.Choose(0, url.Length).ArrayOf(pieces.Length)
        select pieces.Zip(places).OrderByDescending(static pair => pair.Second)
            .Aggregate(url, static (text, pair) => text.Insert(pair.Second, pair.First)));

    private static bool IsThere(string pattern, BrowserUrl? url)
    {
        return pattern switch
        {
            App => url is { Scheme: "https", Host: "app.example.org", Port: 443 },
            Local => url is { Scheme: "http", Host: "localhost" },
            Below => url is { Scheme: "https", Port: 443, Path: "/cb" } && url.Host.EndsWith(".example.org", StringComparison.Ordinal),
            "https://example.org/a/*" => url is { Scheme: "https", Host: "example.org", Port: 443 } && IsBelowA(url),
            "https://app.example.org:8443/a" => url is { Scheme: "https", Host: "app.example.org", Port: 8443, Path: "/a" },
            "http://127.0.0.1:*/a/*" => url is { Scheme: "http", Host: "127.0.0.1" } && IsBelowA(url),
            _ => url is { Scheme: "http", Host: "[::1]", Path: "/a" },
        };

        static bool IsBelowA(BrowserUrl url) => url.Path.StartsWith("/a/", StringComparison.Ordinal);
    }

    private static RedirectPattern Parse(string text) =>
        RedirectPattern.TryParse(text, out var pattern, out var fault) ? pattern : throw new FormatException(fault);

    private static bool Matches(string pattern, string text) => HttpUrl.TryParse(text, out var url, out _) && Parse(pattern).Matches(url!);
}
