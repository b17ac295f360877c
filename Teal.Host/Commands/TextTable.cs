using System.Text;

namespace Teal.Host.Commands;

/// <summary>
/// Rows under headings, for a terminal: at most 80 columns wide. What does not fit is cut, of the widest columns first; <c>--json</c> has
/// all of it.
/// </summary>
internal static class TextTable
{
    private const int Width = 80, Gap = 2, LeastWidth = 8;

    /// <summary>The table as a text, without a line end at its end.</summary>
    public static string Render(string[] headings, IReadOnlyList<string[]> rows)
    {
        var widths = headings.Select((heading, i) => rows.Select(row => row[i].Length).Append(heading.Length).Max()).ToArray();
        while (widths.Sum() + (Gap * (widths.Length - 1)) > Width && widths.Max() is > LeastWidth and var widest)
            widths[Array.IndexOf(widths, widest)]--;

        var text = new StringBuilder();
        foreach (var row in rows.Prepend(headings))
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(string.Concat(row.Select((cell, i) => Cut(cell, widths[i]).PadRight(widths[i] + Gap))).TrimEnd());
        }

        return text.ToString();
    }

    private static string Cut(string cell, int width) => cell.Length <= width ? cell : cell[..(width - 1)] + '…';
}
