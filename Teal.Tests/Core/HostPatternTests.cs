using Teal.Core.Addresses;

namespace Teal.Tests.Core;

public sealed class HostPatternTests
{
    [TestCase("example.org", "https://example.org/", true)]
    [TestCase("example.org", "https://EXAMPLE.org.:8443/", true)]
    [TestCase("example.org", "https://www.example.org/", false)]
    [TestCase("*.example.org", "https://www.example.org/", true)]
    [TestCase("*.example.org", "https://a.b.example.org/", true)]
    [TestCase("*.example.org", "https://example.org/", false)]
    [TestCase("*.example.org", "https://evilexample.org/", false)]
    [TestCase("*.example.org", "https://example.org.evil.example/", false)]
    [TestCase("*.example.org", "https://evil.example/?.example.org", false)]
    [TestCase("*.example.org", "https://www.example.org@evil.example/", false)]
    [TestCase("*.bücher.example", "https://a.xn--bcher-kva.example/", true)]
    [TestCase("bücher.example", "https://BU\u0308CHER．example/", true)]
    [TestCase("BÜCHER.example", "https://XN--BCHER-KVA.example/", true)]
    [TestCase("example.org", "https://ｅｘａｍｐｌｅ。ｏｒｇ/", true)]
    [TestCase("*.example.org", "https://evil。example/", false)]
    [TestCase("strasse.example", "https://straße.example/", false)]
    public void Matches_AUrl_TakesTheHostAndNothingElse(string pattern, string text, bool isMatch)
    {
        HttpUrl.TryParse(text, out var url, out _).Should().BeTrue();
        HostPattern.Parse(pattern)!.Matches(url!).Should().Be(isMatch);
    }

    [TestCase("")]
    [TestCase("*")]
    [TestCase("*.")]
    [TestCase("https://example.org")]
    [TestCase("example.org:80")]
    [TestCase("example.org/x")]
    [TestCase("a.*.org")]
    public void Parse_WhatIsNoPattern_IsRefused(string pattern) => HostPattern.Parse(pattern).Should().BeNull();
}
