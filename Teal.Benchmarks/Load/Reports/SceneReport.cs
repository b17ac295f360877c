namespace Teal.Benchmarks.Load.Reports;

/// <summary>What a scene found.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What was done.</param>
/// <param name="Table">The figures of each server.</param>
/// <param name="Figures">Those of them that are to be reached.</param>
internal sealed record SceneReport(string Title, string Text, Table Table, IReadOnlyList<Figure> Figures);
