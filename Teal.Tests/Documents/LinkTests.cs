using System.Text.RegularExpressions;

namespace Teal.Tests.Documents;

/// <summary>Links within the documents lead somewhere.</summary>
internal sealed partial class LinkTests
{
    [TestCaseSource(nameof(Documents))]
    public void Links_ToFilesAndHeadings_LeadThere(string document)
    {
        var broken = Links().Matches(WithoutCode(Repository.Read(document)))
            .Select(static match => match.Groups["target"].Value)
            .Where(static target => !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !IsThere(document, target));

        broken.Should().BeEmpty();
    }

    [TestCase("## 2.2 Freestanding states", "22-freestanding-states")]
    [TestCase("#### `/raw-callback`", "raw-callback")]
    [TestCase("## What is left to *your* client?", "what-is-left-to-your-client")]
    public void Anchor_OfAHeading_IsTheOneOfGitHub(string heading, string anchor) => AnchorsOf(heading + "\n").Should().Equal(anchor);

    private static string[] Documents() => Repository.Documents;

    private static bool IsThere(string document, string target)
    {
        var parts = target.Split('#', 2);
        var name = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0]);
        if (parts.Length == 1) return Path.Exists(Repository.PathOf(name));

        return File.Exists(Repository.PathOf(name)) && AnchorsOf(WithoutCode(Repository.Read(name))).Contains(parts[1]);
    }

    // As GitHub makes them: a heading that stands again gets a number.
    private static IEnumerable<string> AnchorsOf(string document)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Match heading in Headings().Matches(document))
        {
            var anchor = Dropped().Replace(heading.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-');
            var times = seen[anchor] = seen.GetValueOrDefault(anchor) + 1;
            yield return times == 1 ? anchor : $"{anchor}-{times - 1}";
        }
    }

    private static string WithoutCode(string document) => CodeBlocks().Replace(document, "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Links();

    [GeneratedRegex("^#+ (?<text>.+?)\\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Dropped();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();
}
