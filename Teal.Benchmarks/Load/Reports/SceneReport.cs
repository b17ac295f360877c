namespace Teal.Benchmarks.Load.Reports;

/// <summary>What a scene found.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What was done.</param>
/// <param name="Table">The figures of each server.</param>
/// <param name="Figures">Those of them that are to be reached.</param>
internal sealed record SceneReport(string Title, string Text, Table Table, IReadOnlyList<Figure> Figures)
{
    /// <summary>A second table and what it tells, where one would be too wide.</summary>
    public (string Text, Table Table)? Second { get; init; }

    /// <summary>All tables as Markdown.</summary>
    public string Tables => Second is { } second ? $"{Table}\n{second.Text}\n\n{second.Table}" : $"{Table}";
}
