using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Identities;

namespace Teal.Tests.Core.Identities;

public sealed class AccountNameTests
{
    [TestCase("anna", "anna")]
    [TestCase("Anna.B-2@Example_org", "anna.b-2@example_org")]
    [TestCase("0", "0")]
    [TestCase("", null)]
    [TestCase(".a", null)]
    [TestCase("@a", null)]
    [TestCase("a b", null)]
    [TestCase("a:b", null)]
    [TestCase("a*", null)]
    [TestCase("a\n", null)]
    [TestCase("é", null)]
    [TestCase("\u212aelvin", null, Description = "a sign that is k in lower case")]
    public void TryParse_AText_HasTheNameInLowerCase(string text, string? name)
    {
        AccountName.TryParse(text, out var found).Should().Be(name is not null);

        found.Should().Be(name);
    }

    [Test]
    public void TryParse_ALongText_IsNone()
    {
        AccountName.TryParse(new string('A', 64), out _).Should().BeTrue();
        AccountName.TryParse(new string('A', 65), out _).Should().BeFalse();
    }

    [Test]
    public void TryParse_AnyText_HasANameThatIsNormalOrNone()
    {
        var texts = Gen.Elements<char>([.. "aA0._@-*: é\0\u212a"]).ArrayOf().Select(static text => new string(text)).ToArbitrary();

        Prop.ForAll(texts, static text => AccountName.TryParse(text, out var name)
            ? AccountName.IsNormal(name) && name.Equals(text, StringComparison.OrdinalIgnoreCase)
            : name is null && !AccountName.IsNormal(text)).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
