using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Twice the work, at the same server side by side with the single one.</summary>
internal sealed class GrowthScene : IScene
{
    public string Name => "growth";

    public async Task<SceneReport> RunAsync(EventLoop loop, LoadOptions options, Progress progress)
    {
        var table = new Table("what", "single", "double", "double to single");
        var figures = new List<Figure>();
        await CompareAsync("CPU µs per delivery, clients of a topic", options.Scale(1000), static size => new PublishShape(1, size, 8), static round => round.CpuPerDelivery);
        await CompareAsync("CPU µs per event, topics", options.Scale(2000), static size => new PublishShape(size, 1, 32), static round => round.CpuPerEvent);
        return new SceneReport("Growth", "The durable store; the two sizes take turns, each on a server of its own.", table, figures);

        async Task CompareAsync(string what, int size, Func<int, PublishShape> shape, Func<Measurement, double> figure)
        {
            var (one, two) = (new ServerRounds(TealServer.Durable()), new ServerRounds(TealServer.Durable()));
            await using var first = one.Server;
            await using var second = two.Server;
            progress.Tell($"{Name}: {what}, {size:N0} and {size * 2:N0}");
            await first.StartAsync(options);
            await second.StartAsync(options);
            using var single = new PublishLoad(loop, first, shape(size));
            using var twice = new PublishLoad(loop, second, shape(size * 2));
            single.Connect();
            twice.Connect();
            options.WarmUp(time => single.Run(time));
            options.WarmUp(time => twice.Run(time));
            for (var round = 0; round < options.Rounds; round++)
            {
                one.Measurements.Add(single.Run(options.RoundTime));
                two.Measurements.Add(twice.Run(options.RoundTime));
            }

            var ratio = two.RatioTo(one, figure);
            table.Add($"{what}: {size:N0} and {size * 2:N0}", Table.Number(one.Median(figure), 2), Table.Number(two.Median(figure), 2), Table.Number(ratio, 2));
            figures.Add(Figure.AtMost($"{what}, when they double", ratio, 1.2, "x"));
        }
    }
}
