using Microsoft.AspNetCore.Http;
using Teal.Web.Requests;

namespace Teal.Tests.Web.Requests;

/// <summary>A browser is told from a program by what it would rather have.</summary>
public sealed class BrowserPreferenceTests
{
    [TestCase("text/html", true)]
    [TestCase("text/html,application/xhtml+xml,*/*;q=0.8", true)]
    [TestCase("TEXT/HTML;q=0.5,*/*;q=0.5", true)]
    [TestCase("text/html;q=0.5,application/json", false)]
    [TestCase("text/html;q=0", false)]
    [TestCase("text/htmltml", false)]
    [TestCase("application/json;a=\"text/html\"", false)]
    [TestCase(",text/html,", true)]
    [TestCase("*/*", false)]
    [TestCase("", false)]
    public void PrefersHtml_Tells(string accept, bool isBrowser)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Accept = accept;
        BrowserPreference.PrefersHtml(context.Request).Should().Be(isBrowser);
    }
}
