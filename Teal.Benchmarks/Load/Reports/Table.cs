using System.Globalization;
using System.Text;

namespace Teal.Benchmarks.Load.Reports;

/// <summary>A Markdown table; the first column stands left, the others right.</summary>
internal sealed class Table(params string[] headers)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>A number with so many decimals.</summary>
    public static string Number(double value, int decimals) =>
        double.IsFinite(value) ? value.ToString($"N{decimals}", CultureInfo.InvariantCulture) : "";

    /// <summary>A number with so many decimals, and nothing instead of zero.</summary>
    public static string Positive(double value, int decimals) => value > 0 ? Number(value, decimals) : "";

    /// <summary>Whether something is reached.</summary>
    public static string YesOrNo(bool isReached) => isReached ? "yes" : "**no**";

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(headers);
        Append([.. headers.Select(static (_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in _rows) Append(row);
        return text.ToString();

        void Append(string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }
}
