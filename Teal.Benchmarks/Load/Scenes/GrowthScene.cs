using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Twice the work, beside the single one.</summary>
internal sealed class GrowthScene : IScene
{
    public string Name => "growth";

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var table = new Table("what", "single", "double", "double to single");
        var figures = new List<Figure>();
        await using LoadServer single = TealServer.Durable(), twice = TealServer.Durable();
        foreach (var server in (LoadServer[])[single, twice]) await SharedServers.StartAsync(server, run.Loop, run.Options, run.Progress);
        await CompareAsync("CPU µs per delivery, clients of a topic", run.Options.Scale(1000), static size => new PublishShape(1, size, 8), static round => round.CpuPerDelivery);
        await CompareAsync("CPU µs per event, topics", run.Options.Scale(2000), static size => new PublishShape(size, 1, 32), static round => round.CpuPerEvent);
        return new SceneReport("Growth", "The durable store; the two sizes take turns, each on a server of its own.", table, figures);

        async Task CompareAsync(string what, int size, Func<int, PublishShape> shape, Func<Measurement, double> figure)
        {
            var all = await Turns.RunAsync(
                $"{Name}: {what}, {size:N0} and {size * 2:N0}", [single, twice],
                server => new PublishLoad(run.Loop, server, shape(server == single ? size : size * 2)), run, run.Options.LongRoundTime);
            var (one, two) = (all[0], all[1]);
            var ratio = two.RatioTo(one, figure);
            table.Add($"{what}: {size:N0} and {size * 2:N0}", Table.Number(one.Median(figure), 2), Table.Number(two.Median(figure), 2), Table.Number(ratio, 2));
            figures.Add(Figure.AtMost($"{what}, when they double", ratio, 1.2, "x"));
        }
    }
}
