using System.Text.RegularExpressions;

namespace Teal.Tests.Documents;

/// <summary>What code and documents cite of the specification is there.</summary>
internal sealed partial class SpecificationTests
{
    private const string Specification = "docs/specification.md";

    [Test]
    public void Citations_OfSections_LeadToAHeading()
    {
        var sections = Headings().Matches(Repository.Read(Specification)).Select(static match => match.Groups["section"].Value).ToArray();
        var citations = Repository.Sources.Concat(Repository.Documents)
            .SelectMany(static file => CitedIn(Repository.Read(file)), static (file, section) => (File: file, Section: section))
            .ToArray();

        sections.Should().OnlyHaveUniqueItems();
        citations.Should().HaveCountGreaterThan(100);
        citations.Where(citation => !sections.Contains(citation.Section)).Should().BeEmpty();
    }

    [TestCase("(specification 2.1)", "2.1")]
    [TestCase("Specification 7, promise 5", "7")]
    [TestCase("(specification 3.1 and 3.2)", "3.1", "3.2")]
    [TestCase("(specification\n    /// 4.2).", "4.2")]
    [TestCase("specification 2.1: 400", "2.1")]
    [TestCase("as the specification says")]
    public void Citations_InAText_AreFound(string text, params string[] sections) => CitedIn(text).Should().Equal(sections);

    private static IEnumerable<string> CitedIn(string text) =>
        Citations().Matches(text).SelectMany(static match => match.Groups["section"].Captures, static (_, capture) => capture.Value);

    [GeneratedRegex(@"^##+ (?<section>[0-9]+(\.[0-9]+)*) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Headings();

    // In comments there is a line's beginning between the two.
    [GeneratedRegex(
        @"\b[Ss]pecification[\s/]+(?<section>[0-9]+(\.[0-9]+)*)((, | and |, and )(?<section>[0-9]+(\.[0-9]+)+))*",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Citations();
}
