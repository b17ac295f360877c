using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Events;
using Teal.Core.Identities;

namespace Teal.Tests.Core.Identities;

public sealed class KeyPatternTests
{
    [TestCase("*", "a", true)]
    [TestCase("*", "a*b", true)]
    [TestCase("a", "a", true)]
    [TestCase("a", "A", false)]
    [TestCase("a", "ab", false)]
    [TestCase("a*", "a", true)]
    [TestCase("a*", "ba", false)]
    [TestCase("*a", "aba", true)]
    [TestCase("a*a", "a", false, Description = "beginning and end do not overlap")]
    [TestCase("a*b*c", "axxbyyc", true)]
    [TestCase("a*b*c", "axxcyyb", false)]
    [TestCase("orders.*", "orders.42", true)]
    [TestCase("orders.*", "ordersX42", false, Description = "a dot is a dot")]
    [TestCase("[a-z]?", "a", false)]
    [TestCase("é*", "e\u0301", false, Description = "as it is written")]
    [TestCase("*😀*", "a😀b", true)]
    public void Matches_AKey_SaysWhetherItIsOne(string pattern, string key, bool isOne) =>
        new KeyPattern(pattern).Matches(key).Should().Be(isOne);

    [Test]
    public void Matches_AnyKey_SaysWhatAModelSays() => Prop.ForAll(Texts("ab*"), Texts("ab"), static (pattern, key) =>
            new KeyPattern(pattern).Matches(key) == Model(pattern, key)).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Test]
    public void Text_OfAPattern_IsThatOfOneThatMatchesTheSame() => Prop.ForAll(Texts("ab*"), Texts("ab"), static (pattern, key) =>
    {
        var text = new KeyPattern(pattern).Text;
        return !text.Contains("**", StringComparison.Ordinal) && Model(text, key) == Model(pattern, key);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    // Whoever tries all ways to cut the key has no answer in this life.
    [Test]
    public void Matches_ManyStarsAndALongKey_HasAnAnswer()
    {
        var key = new string('a', Topic.MaximumKeyBytes);
        string[] patterns =
        [
            string.Concat(Enumerable.Repeat("a*", 500)) + "b*a", string.Concat(Enumerable.Repeat("*a", 500)),
            $"*{new string('a', 500)}b{new string('a', 500)}*", new string('*', 1000),
        ];

        patterns.Select(pattern => new KeyPattern(pattern).Matches(key)).Should().Equal(false, true, false, true);
    }

    private static Arbitrary<string> Texts(string characters) =>
        Gen.Elements<char>([.. characters]).ArrayOf().Select(static chosen => new string(chosen)).ToArbitrary();

    // For each beginning of the pattern, which beginnings of the key it is one of.
    private static bool Model(string pattern, string key)
    {
        var fits = new bool[key.Length + 1];
        fits[0] = true;
        foreach (var character in pattern)
        {
            var longer = new bool[key.Length + 1];
            for (var length = 0; length <= key.Length; length++)
            {
                longer[length] = character == '*'
                    ? fits.Take(length + 1).Any(static fit => fit) : length > 0 && fits[length - 1] && key[length - 1] == character;
            }

            fits = longer;
        }

        return fits[key.Length];
    }
}
