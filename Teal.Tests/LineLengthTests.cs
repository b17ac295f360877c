using System.Text.RegularExpressions;
using Teal.Tests.Documents;

namespace Teal.Tests;

/// <summary>No line of the code is longer than a screen is wide.</summary>
public sealed partial class LineLengthTests
{
    private const int MaximumColumns = 140;

    // What is compared byte for byte, and long texts, may stand in one line: in a raw string literal.
    [Test]
    public void Lines_OfTheCode_HaveAtMost140ColumnsOutsideOfRawStringLiterals() =>
        Repository.Sources.SelectMany(FindTooLong).Should().BeEmpty();

    [Test]
    public void FindTooLong_InAText_FindsWhatIsNotInARawStringLiteral()
    {
        var filling = new string('x', MaximumColumns);

        FindTooLong([filling, $"{filling}y", "\"\"\"", $"{filling}y", "\"\"\";", $"{filling}z"]).Should().Equal(2, 6);
        FindTooLong([$"\"\"\"{filling}\"\"\"", $"{filling}z"]).Should().Equal(2);
    }

    private static IEnumerable<string> FindTooLong(string name) =>
        FindTooLong(Repository.ReadLines(name)).Select(number => $"{name}:{number}");

    private static IEnumerable<int> FindTooLong(string[] lines)
    {
        var isInLiteral = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var marks = RawStringMark().Count(lines[i]);
            if (lines[i].Length > MaximumColumns && !isInLiteral && marks == 0) yield return i + 1;
            isInLiteral ^= marks % 2 == 1;
        }
    }

    [GeneratedRegex("\"{3,}")]
    private static partial Regex RawStringMark();
}
