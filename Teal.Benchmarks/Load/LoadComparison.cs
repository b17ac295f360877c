using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Scenes;

namespace Teal.Benchmarks.Load;

/// <summary>Runs scenes one after the other, and writes what they found.</summary>
internal static class LoadComparison
{
    /// <summary>Runs the scenes, tells each when it is done, and returns all of them as Markdown.</summary>
    public static async Task<string> RunAsync(
        IReadOnlyList<IScene> scenes, LoadOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var progress = new Progress(output);
        using var loop = new EventLoop(cancellationToken);
        await using var servers = new SharedServers(loop, options, progress);
        var run = new SceneRun(loop, options, progress, servers);
        var reports = new List<SceneReport>();
        foreach (var (index, scene) in scenes.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress.Tell($"scene {index + 1} of {scenes.Count}: {scene.Name}");
            if (!scene.SharesServers) await servers.DisposeAsync();
            var report = await scene.RunAsync(run);
            reports.Add(report);
            output.WriteLine($"\n{report.Title}\n\n{report.Tables}");
        }

        progress.Tell("done");
        var figures = new Table("figure", "reach", "measured", "reached");
        foreach (var figure in reports.SelectMany(static report => report.Figures)) figures.Add(figure.ToRow());
        output.WriteLine($"\n{figures}");
        return $"{Machine.Describe(options)}\n"
            + $"{figures}{string.Concat(reports.Select(static report => $"\n### {report.Title}\n\n{report.Text}\n\n{report.Tables}"))}";
    }
}
