using Teal.Core.Addresses;

namespace Teal.Tests.Core;

public sealed class RedirectListTests
{
    private static readonly RedirectList App = Of("https://app.example.org/*"), Local = Of("http://localhost:*/*");

    [TestCase("https://anything.example/", ExpectedResult = true)]
    [TestCase(null, ExpectedResult = true)]
    public bool Allows_WithoutPatterns_EveryUrl(string? url) => Of().Allows(url);

    [TestCase("https://app.example.org/cb", ExpectedResult = true)]
    [TestCase("http://localhost:8080/cb", ExpectedResult = false)]
    [TestCase("https://evil.example/", ExpectedResult = false)]
    [TestCase("no URL", ExpectedResult = false)]
    [TestCase(null, ExpectedResult = true, Description = "it leads nowhere")]
    public bool Allows_WithPatterns_WhatOneOfThemAllows(string? url) => App.Allows(url);

    [Test]
    public void With_AnotherList_AllowsWhatOneOfThemDoes()
    {
        var both = App.With(Local).With(App);

        both.Texts.Should().Equal("https://app.example.org/*", "http://localhost:*/*");
        both.Allows("https://app.example.org/cb").Should().BeTrue();
        both.Allows("http://localhost:8080/").Should().BeTrue();
        both.Allows("https://evil.example/").Should().BeFalse();
    }

    [Test]
    public void With_AListWithoutPatterns_StaysNarrow()
    {
        App.With(RedirectList.Any).Should().BeSameAs(App);
        RedirectList.Any.With(App).Should().BeSameAs(App);
        RedirectList.Any.With(RedirectList.Any).IsAny.Should().BeTrue();
    }

    [Test]
    public void None_AllowsNothingButWhatAnotherListDoes()
    {
        RedirectList.None.Allows("https://app.example.org/cb").Should().BeFalse();
        RedirectList.None.Allows(null).Should().BeTrue();
        RedirectList.None.With(RedirectList.Any).IsAny.Should().BeFalse();
        RedirectList.None.With(App).Allows("https://app.example.org/cb").Should().BeTrue();
    }

    [Test]
    public void TryParse_AWrongText_SaysWhichOne()
    {
        RedirectList.TryParse(["https://app.example.org/*", "https://app.example.org*"], out var list, out var fault).Should().BeFalse();
        list.Should().BeNull();
        fault.Should().StartWith("redirect 2 must be ");
    }

    [Test]
    public void TryParse_TooManyTexts_IsRefused() =>
        RedirectList.TryParse([.. Enumerable.Repeat("https://app.example.org/*", 1001)], out _, out _).Should().BeFalse();

    private static RedirectList Of(params string[] texts) =>
        RedirectList.TryParse(texts, out var list, out var fault) ? list : throw new FormatException(fault);
}
