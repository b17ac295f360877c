using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Twice the work, beside the single one.</summary>
internal sealed class GrowthScene : IScene
{
    public string Name => "growth";

    public bool SharesServers => true;

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var table = new Table("what", "single", "double", "double to single");
        var figures = new List<Figure>();
        var server = (await run.Servers.GetAsync()).Single(static server => server.Name == TealServer.DurableName);
        await CompareAsync(
            "CPU µs per delivery, clients of a topic", run.Options.Scale(1000), static size => new PublishShape(1, size, 8),
            static round => round.CpuPerDelivery);
        await CompareAsync(
            "CPU µs per event, topics", run.Options.Scale(2000), static size => new PublishShape(size, 1, 32),
            static round => round.CpuPerEvent);
        return new SceneReport("Growth", "The durable store; the two sizes take turns on one server.", table, figures);

        async Task CompareAsync(string what, int size, Func<int, PublishShape> shape, Func<Measurement, double> figure)
        {
            var loads =
                from clients in (int[])[size, size * 2]
                select (server.Name, (Func<ILoad>)(() => new PublishLoad(run.Loop, server, shape(clients))));
            var all = await Turns.RunAsync(
                $"{Name}: {what}, {size:N0} and {size * 2:N0}", loads, run, run.Options.Rounds, run.Options.LongRoundTime);
            var (one, two) = (all[0], all[1]);
            var ratio = two.RatioTo(one, figure);
            table.Add(
                $"{what}: {size:N0} and {size * 2:N0}", Table.Number(one.Median(figure), 2), Table.Number(two.Median(figure), 2),
                Table.Number(ratio, 2));
            figures.Add(Figure.AtMost($"{what}, when they double", ratio, 1.2, "x"));
        }
    }
}
