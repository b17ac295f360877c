using FsCheck;
using FsCheck.Fluent;
using Teal.Listener.Http;

namespace Teal.Tests.Listener;

public sealed class RequestTargetTests
{
    [TestCase("/callback?state=1&code=a%20b", "/callback", "state=1&code=a%20b")]
    [TestCase("/callback&state=1&code=a%20b", "/callback", "state=1&code=a%20b")]
    [TestCase("/callback&state=1?x=2", "/callback&state=1", "x=2")]
    [TestCase("/callback", "/callback", "")]
    [TestCase("/callback?", "/callback", "")]
    [TestCase("/callback&", "/callback", "")]
    [TestCase("http://example.org/callback?state=1", "/callback", "state=1")]
    [TestCase("http://example.org/callback&state=1", "/callback", "state=1")]
    [TestCase("http://example.org?state=1", "", "state=1")]
    [TestCase("http://example.org", "", "")]
    [TestCase("http://example.org#x", "", "")]
    [TestCase("/callback?state=1#x?y&z", "/callback", "state=1")]
    [TestCase("/callback#state=1", "/callback", "")]
    [TestCase("/callback&state=1#x?y", "/callback", "state=1")]
    [TestCase("*", "*", "")]
    [TestCase("", "", "")]
    public void Parse_ATarget_SplitsItUndecoded(string raw, string path, string query)
    {
        var target = RequestTarget.Parse(raw);
        target.Path.ToString().Should().Be(path);
        target.Query.ToString().Should().Be(query);
    }

    [Test]
    public void Parse_AnyTarget_ChangesNothingButTheAlternativeSeparator() =>
        Prop.ForAll<string>(any =>
        {
            var raw = "/" + any;
            var target = RequestTarget.Parse(raw);
            var whole = target.Text;
            if (!target.HasAlternativeSeparator) return whole == raw;

            var separator = raw.IndexOf('&', StringComparison.Ordinal);
            return whole == string.Concat(raw.AsSpan(0, separator), "?", raw.AsSpan(separator + 1)) && !raw.Split('#')[0].Contains('?');
        }).QuickCheckThrowOnFailure();
}
