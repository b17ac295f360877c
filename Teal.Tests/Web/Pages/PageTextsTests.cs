using Microsoft.AspNetCore.Http;
using Teal.Web.Pages;

namespace Teal.Tests.Web.Pages;

public sealed class PageTextsTests
{
    [Test]
    public void Texts_OfAllLanguages_AreTheSameOnesAndAllThatPagesNeed()
    {
        foreach (var texts in PageTexts.All)
        {
            texts.Names.Should().BeEquivalentTo(PageTexts.All[0].Names, "{0} has what English has", texts.Language);
            foreach (var kind in Enum.GetValues<PageKind>())
            {
                texts.Of(kind, "title").Should().NotBeEmpty();
                texts.Of(kind, "text").Should().EndWith(".");
            }
        }
    }

    [TestCase(null, "en")]
    [TestCase("", "en")]
    [TestCase("de", "de")]
    [TestCase("de-AT,de;q=0.9,en;q=0.8", "de")]
    [TestCase("FR-ca", "fr")]
    [TestCase("nl, es;q=0.2, de;q=0.7", "de")]
    [TestCase("de;q=0, es;q=0.1", "es")]
    [TestCase("nl,*;q=0.5", "en")]
    [TestCase("deutsch", "en")]
    [TestCase(";;=,,\u0001", "en")]
    public void Language_OfABrowser_IsTheOneThatItLikesBest(string? header, string language) => For(header).Should().Be(language);

    [Test]
    public void Language_OfAVeryLongWish_IsEnglish() => For(string.Join(',', Enumerable.Repeat("de", 10_000))).Should().Be("en");

    private static string For(string? header)
    {
        var context = new DefaultHttpContext();
        if (header is not null) context.Request.Headers.AcceptLanguage = header;
        return PageTexts.For(context.Request).Language;
    }
}
