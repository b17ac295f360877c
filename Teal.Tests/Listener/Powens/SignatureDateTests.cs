using FsCheck;
using FsCheck.Fluent;
using Teal.Listener.Powens;

namespace Teal.Tests.Listener.Powens;

public sealed class SignatureDateTests
{
    [TestCase("2023-11-02T10:11:12Z", "2023-11-02T10:11:12+00:00")]
    [TestCase("2023-11-02T10:11:12.1Z", "2023-11-02T10:11:12.100000+00:00")]
    [TestCase("2023-11-02T10:11:12.123456789+02:00", "2023-11-02T10:11:12.123456+02:00")]
    [TestCase("2023-11-02 10:11:12,5-0330", "2023-11-02T10:11:12.500000-03:30")]
    [TestCase("2023-11-02T10:11+02", "2023-11-02T10:11:00+02:00")]
    [TestCase("20231102T101112Z", "2023-11-02T10:11:12+00:00")]
    [TestCase("2023-W44-4T10Z", "2023-11-02T10:00:00+00:00")]
    [TestCase("2023W44T10Z", "2023-10-30T10:00:00+00:00")]
    [TestCase("2020-W53-7T00:00Z", "2021-01-03T00:00:00+00:00")]
    public void TryParse_Iso8601WithAZone_IsTheInstantWithItsOffset(string text, string instant)
    {
        SignatureDate.TryParse(text, out var parsed, out _).Should().BeTrue();
        parsed.Should().Be(instant);
    }

    [TestCase("2023-11-02T10:11:12", "Signature date is missing a timezone")]
    [TestCase("2023-11-02", "Signature date is missing a timezone")]
    [TestCase("", "Signature date is not ISO formatted")]
    [TestCase("2023-11-02T24:00:00Z", "Signature date is not ISO formatted")]
    [TestCase("2023-02-30T00:00:00Z", "Signature date is not ISO formatted")]
    [TestCase("2023-W54-1T00Z", "Signature date is not ISO formatted")]
    [TestCase("0000-W01T00Z", "Signature date is not ISO formatted")]
    [TestCase("9999-W52-7T00Z", "Signature date is not ISO formatted")]
    [TestCase("2023-11-02T10:11:12z", "Signature date is not ISO formatted")]
    [TestCase("1698919872", "Signature date is not ISO formatted")]
    [TestCase("Thu, 02 Nov 2023 10:11:12 GMT", "Signature date is not ISO formatted")]
    [TestCase("2023-11-02T10:11:12Z\n", "Signature date is not ISO formatted")]
    public void TryParse_SomethingElse_SaysWhatIsWrong(string text, string fault)
    {
        SignatureDate.TryParse(text, out _, out var said).Should().BeFalse();
        said.Should().Be(fault);
    }

    [Test]
    public void TryParse_AnyText_NeverThrows() =>
        Prop.ForAll<string>(text => SignatureDate.TryParse(text ?? "", out _, out _) || true).QuickCheckThrowOnFailure();

    [Test]
    public void TryParse_DamagedDates_NeverThrows()
    {
        var random = new Random(31);
        string[] forms = ["2023-11-02T10:11:12.123456+02:00", "20231102T101112Z", "2023-W44-4T10:11Z"];
        for (var i = 0; i < 100_000; i++)
        {
            var text = forms[i % forms.Length].ToCharArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                text[random.Next(text.Length)] = "0123456789-:.TWZ+ "[random.Next(18)];
            _ = SignatureDate.TryParse(new string(text), out _, out _);
        }
    }
}
