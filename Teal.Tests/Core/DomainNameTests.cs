using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Addresses;
using Teal.Core.Addresses.Idna;

namespace Teal.Tests.Core;

/// <summary>
/// Names beyond ASCII, as browsers read them. The expected names are those of Node.js' <c>new URL</c>, of tr46, or of Unicode's own
/// examples.
/// </summary>
public sealed class DomainNameTests
{
    // Capital letters and other forms of the same.
    [TestCase("bücher.example", "xn--bcher-kva.example")]
    [TestCase("BÜCHER.Example", "xn--bcher-kva.example")]
    [TestCase("bu\u0308cher.example", "xn--bcher-kva.example", TestName = "{m}(u and diaeresis)")]
    [TestCase("BU\u0308CHER.example", "xn--bcher-kva.example", TestName = "{m}(U and diaeresis)")]
    [TestCase("ｂüｃｈｅｒ．ｅｘａｍｐｌｅ", "xn--bcher-kva.example", TestName = "{m}(full width, also the dot)")]
    [TestCase("日本語。ＪＰ", "xn--wgv71a119e.jp")]
    [TestCase("\ufb01sh.example", "fish.example", TestName = "{m}(ligature)")]
    [TestCase("\ud835\udd38\ud835\udd39.example", "ab.example", TestName = "{m}(letters of mathematics)")]
    [TestCase("２０２６.example", "2026.example")]
    [TestCase("１９２.168.0.1", "192.168.0.1")]
    [TestCase("bü\u00adcher.example", "xn--bcher-kva.example", TestName = "{m}(soft hyphen)")]
    [TestCase("bü\u200bcher.example", "xn--bcher-kva.example", TestName = "{m}(blank of no width)")]
    [TestCase("\u1112\u1161\u11ab\u1100\u116e\u11a8.kr", "xn--3e0b707e.kr", TestName = "{m}(Hangul in parts)")]
    [TestCase("a\u0323\u0302.example", "xn--zkg.example", TestName = "{m}(two marks)")]
    [TestCase("a\u0302\u0323.example", "xn--zkg.example", TestName = "{m}(two marks, the other way round)")]

    // What older rules replaced and today's keep.
    [TestCase("faß.de", "xn--fa-hia.de")]
    [TestCase("FAẞ.de", "xn--fa-hia.de")]
    [TestCase("ΒΌΛΟΣ.com", "xn--nxasmq6b.com")]
    [TestCase("βόλος.com", "xn--nxasmm1c.com")]
    [TestCase("İstanbul.example", "xn--istanbul-o0e.example")]
    [TestCase("ışık.example", "xn--k-ekaa7p.example")]
    [TestCase("I.example", "i.example")]

    // Joiners where writing needs them.
    [TestCase(
        "\u0928\u0947\u092a\u093e\u0932\u094d\u200d.example", "xn--l2bey1c2bzb0842a.example", TestName = "{m}(joiner behind a virama)")]
    [TestCase("\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com", "xn--mgba3gch31f060k.com", TestName = "{m}(non-joiner in Persian)")]

    // Symbols are no letters, and browsers take them all the same.
    [TestCase("☃.net", "xn--n3h.net")]
    [TestCase("💩.la", "xn--ls8h.la")]
    [TestCase("I❤️.ws", "xn--i-7iq.ws")]
    [TestCase("≠.example", "xn--1ch.example")]

    // Right to left.
    [TestCase("אב.com", "xn--4dbc.com")]
    [TestCase("א1.com", "xn--1-zhc.com")]
    [TestCase("نامه.com", "xn--mgb4dbg.com")]

    // Encoded already.
    [TestCase("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [TestCase("XN--BCHER-KVA.example", "xn--bcher-kva.example")]
    [TestCase("bücher.xn--fa-hia.example.", "xn--bcher-kva.xn--fa-hia.example.")]
    public void ToAscii_ANameThatBrowsersTake_IsTheSameAsTheirs(string name, string ascii) => DomainName.ToAscii(name).Should().Be(ascii);

    [TestCase("a\u200db.example", TestName = "{m}(joiner between letters)")]
    [TestCase("a\u200cb.example", TestName = "{m}(non-joiner between letters)")]
    [TestCase("\u0646\u200c.example", TestName = "{m}(non-joiner at the end)")]
    [TestCase("\u0301a.example", TestName = "{m}(mark at the beginning)")]
    [TestCase("אa.example", TestName = "{m}(both directions in a label)")]
    [TestCase("א.1a", TestName = "{m}(a digit first where another label runs from right to left)")]
    [TestCase("א1\u0661.example", TestName = "{m}(two kinds of digits)")]
    [TestCase("\u0661.example", TestName = "{m}(Arabic digit alone)")]
    [TestCase("a\ufffd.example", TestName = "{m}(replacement character)")]
    [TestCase("a\u202e.example", TestName = "{m}(override of the direction)")]
    [TestCase("a\ue000.example", TestName = "{m}(private use)")]
    [TestCase("a\U000F0000.example", TestName = "{m}(private use, far out)")]
    [TestCase("a\u0378.example", TestName = "{m}(not assigned)")]
    [TestCase("xn--.example")]
    [TestCase("xn--a.example")]
    [TestCase("xn--abc-.example", TestName = "{m}(encoded without need)")]
    [TestCase("xn---qix.example")]
    [TestCase("xn--99999999.example")]
    [TestCase("xn--bcher-kv!.example")]
    [TestCase("xn--bchEr-kva\u00fc.example")]
    [TestCase("xn--bcher-2pa.example", TestName = "{m}(an encoded capital letter)")]
    [TestCase("xn--bucher-xyd.example", TestName = "{m}(encoded, and not composed)")]
    [TestCase("xn--ab-m1t.example", TestName = "{m}(an encoded joiner between letters)")]
    public void ToAscii_ANameThatBrowsersRefuse_IsNull(string name) => DomainName.ToAscii(name).Should().BeNull();

    [Test]
    public void ToAscii_NamesWithoutEnd_AreRefusedBeforeTheyCostTime()
    {
        var marks = new string('\u0301', 30_000) + new string('\u0323', 30_000);

        foreach (var name in new[] { "a" + marks, new string('ü', 60_000), new string('\ufdfa', 3_000), "xn--" + new string('a', 60_000) })
            DomainName.ToAscii(name).Should().BeNull();
    }

    [TestCase("æİ्İ\u00adᅡßाᅡ̈̈ष̈00ा\u00adा-कzæ語İÆź語ςकไ", TestName = "{m}(few letters that take many in ASCII)")]
    [TestCase("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü.example", TestName = "{m}(63 letters)")]
    public void ToAscii_ALabelThatIsTooLongInAscii_IsNull(string name) => DomainName.ToAscii(name).Should().BeNull();

    [Test]
    public void ToAscii_ANameThatIsTooLongInAscii_IsNull()
    {
        var name = string.Join('.', Enumerable.Repeat("ü", 100));

        DomainName.ToAscii(name).Should().BeNull();
        DomainName.ToAscii(name[..20]).Should().NotBeNull();
    }

    [Test]
    public void ToAscii_OfWhatItGave_IsTheSame() =>
        Prop.ForAll(Names(), static name => DomainName.ToAscii(name) is not { } ascii || DomainName.ToAscii(ascii) == ascii)
            .QuickCheckThrowOnFailure();

    [Test]
    public void ToAscii_OfAnyName_IsAsciiOrNothing() =>
        Prop.ForAll(Names(), static name => DomainName.ToAscii(name) is not { } ascii || Ascii.IsValid(ascii)).QuickCheckThrowOnFailure();

    [Test]
    public void Punycode_OfAnyLabel_IsReadAsTheSame() => Prop.ForAll(Names(), static name =>
    {
        int[] label = [.. name.Where(static character => character != '.').Take(40).Select(static character => (int)character), 0xfc];
        return Punycode.Decode(Punycode.Encode(label))!.SequenceEqual(label);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Punycode_OfAnyText_NeverThrows() =>
        Prop.ForAll<string>(static text => _ = Punycode.Decode(text ?? "")).QuickCheckThrowOnFailure();

    // Letters of several scripts, marks, joiners, digits, dots and hyphens; no surrogates.
    private static Arbitrary<string> Names() =>
        Gen.Elements([.. "aAzZ09-.üÜßıİςÆæאב١٢نمकक्षाไทย日語ｱＡ\u0301\u0308\u0323\u200c\u200d\u00ad\u1100\u1161\u11a8"])
        .ArrayOf().Select(static characters => new string(characters)).ToArbitrary();
}
