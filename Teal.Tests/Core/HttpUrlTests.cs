using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Addresses;

namespace Teal.Tests.Core;

public sealed class HttpUrlTests
{
    [TestCase("https://example.org", "example.org", null)]
    [TestCase("HTTPS://Example.ORG:443/x?y#z", "Example.ORG", 443)]
    [TestCase("http://localhost/", "localhost", null)]
    [TestCase("http://intranet:80?x", "intranet", 80)]
    [TestCase("http://user:pa:ss@example.org:8000/", "example.org", 8000)]
    [TestCase("http://[::1]:8000/cb", "[::1]", 8000)]
    [TestCase("http://[2001:db8::1]", "[2001:db8::1]", null)]
    [TestCase("http://127.0.0.1:1/", "127.0.0.1", 1)]
    [TestCase("https://bücher.example/ü", "bücher.example", null)]
    [TestCase("https://example.org./\"<>\\^`{|}", "example.org.", null)]
    [TestCase("https://example.org:/", "example.org", null)]
    [TestCase("https://example.org/a@b:99999", "example.org", null)]
    public void TryParse_AnHttpUrl_IsKeptAsItIs(string text, string host, int? port)
    {
        HttpUrl.TryParse(text, out var url, out var fault).Should().BeTrue(fault);
        url!.Text.Should().Be(text);
        url.Host.Should().Be(host);
        url.Port.Should().Be(port);
    }

    [TestCase("", "http")]
    [TestCase("/relative", "http")]
    [TestCase("//example.org/x", "http")]
    [TestCase("ftp://example.org/", "http")]
    [TestCase("javascript:alert(1)//http://", "http")]
    [TestCase("https:///x", "host")]
    [TestCase("https://", "host")]
    [TestCase("https://user@/x", "host")]
    [TestCase("https://example.org:99999/", "port")]
    [TestCase("https://example.org:8a/", "port")]
    [TestCase("https://[::1", "host")]
    [TestCase("https://[::1%25eth0]/", "host")]
    [TestCase("https://[example.org]/", "host")]
    [TestCase("https://exa mple.org/", "blank")]
    [TestCase("https://example.org/a b", "blank")]
    [TestCase("https://example.org/\r\nSet-Cookie:x", "line breaks")]
    [TestCase("https://example.org/\u0085", "control")]
    [TestCase("https://example.org/\0", "control")]
    [TestCase("https://example.org\\@evil.example/", "backslash")]
    [TestCase("https://exa<mple.org/", "host")]
    [TestCase("https://xn--a.example/", "browsers")]
    [TestCase("https://b\u202eücher.example/", "browsers")]
    [TestCase("https://\u00ad/", "browsers", TestName = "{m}(nothing but a soft hyphen)")]
    [TestCase("https://［：：1］/", "host")]
    [TestCase("https://evil.example／.example.org/", "host")]
    [TestCase("https://evil.example＠example.org/", "host")]
    [TestCase("https://evil.example？.example.org/", "host")]
    public void TryParse_SomethingElse_SaysWhatIsWrong(string text, string fault)
    {
        HttpUrl.TryParse(text, out _, out var said).Should().BeFalse();
        said.Should().Contain(fault);
    }

    [Test]
    public void TryParse_ALoneSurrogate_IsRefused() => HttpUrl.TryParse("https://example.org/\ud800", out _, out _).Should().BeFalse();

    [TestCase("https://example.org/%41%20%zz?a=+&b=[1]", "https://example.org/%41%20%zz?a=+&b=[1]")]
    [TestCase("https://bücher.example/é?q=ñ#😀", "https://xn--bcher-kva.example/%C3%A9?q=%C3%B1#%F0%9F%98%80")]
    [TestCase("https://例え.テスト:8443/", "https://xn--r8jz45g.xn--zckzah:8443/")]
    [TestCase("https://BÜCHER.Example/Ü", "https://xn--bcher-kva.example/%C3%9C")]
    [TestCase("https://ＢÜＣＨＥＲ．example/", "https://xn--bcher-kva.example/")]
    [TestCase("https://XN--Bcher-KVA.Example/", "https://XN--Bcher-KVA.Example/")]
    public void ToAscii_OfAUrl_EncodesWhatIsNotAsciiAndNothingElse(string text, string ascii)
    {
        HttpUrl.TryParse(text, out var url, out _).Should().BeTrue();
        url!.ToAscii().Should().Be(ascii);
    }

    [Test]
    public void TryParse_AnyText_NeverThrowsAndGivesSafeUrlsOnly() =>
        Prop.ForAll<string>(tail =>
        {
            var parsed = HttpUrl.TryParse("https://" + tail, out var url, out var fault);
            return parsed == (fault is null) && (url is null || (Ascii.IsValid(url.ToAscii()) && !url.ToAscii().Any(char.IsControl)));
        }).QuickCheckThrowOnFailure();
}
