using FsCheck;
using FsCheck.Fluent;
using Teal.Listener.Callbacks;

namespace Teal.Tests.Listener.Callbacks;

public sealed class FullUrlTests
{
    [TestCase("https://x/callback?state=1#tok=1", "https://x/callback?state=1#tok=1", "1")]
    [TestCase("https://x/callback#state=1&code=2", "https://x/callback#state=1&code=2", "1")]
    [TestCase("https://x/callback?state=1#state=2", "https://x/callback?state=1#state=2", "1")]
    [TestCase("https://x/callback?a=1#state=2", "https://x/callback?a=1#state=2", "2")]
    [TestCase("https://x/callback&state=1&code=2", "https://x/callback?state=1&code=2", "1")]
    [TestCase("https://x/callback&a=1#state=2&b", "https://x/callback?a=1#state=2&b", "2")]
    [TestCase("https://x/callback&a=1?state=2", "https://x/callback&a=1?state=2", "2")]
    [TestCase("https://x/callback?state=#state=2", "https://x/callback?state=#state=2", "")]
    [TestCase("HTTPS://X/callback?state=1#", "HTTPS://X/callback?state=1#", "1")]
    [TestCase("?state=1", "?state=1", "1")]
    [TestCase("javascript:alert(1)#state=1", "javascript:alert(1)#state=1", "1")]
    [TestCase("http://[bad/callback?state=1", "http://[bad/callback?state=1", "1")]
    [TestCase("https://x/callback", "https://x/callback", null)]
    [TestCase("", "", null)]
    public void Parse_AUrl_FindsItsStateAndKeepsIt(string text, string kept, string? state)
    {
        var url = FullUrl.Parse(text);
        url.Text.Should().Be(kept);
        url.State.Should().Be(state);
    }

    [Test]
    public void Parse_AnyText_ChangesNothingButTheAlternativeSeparator() =>
        Prop.ForAll<string>(text =>
        {
            text ??= "";
            var kept = FullUrl.Parse(text).Text;
            var differences = kept.Length == text.Length ? kept.Zip(text).Count(pair => pair.First != pair.Second) : int.MaxValue;
            return differences == 0 || (differences == 1 && kept.Zip(text).Any(pair => pair is { First: '?', Second: '&' }));
        }).QuickCheckThrowOnFailure();
}
