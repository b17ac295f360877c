using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Events go in, and come out at websockets.</summary>
/// <param name="name">What <c>--scenes</c> calls it.</param>
/// <param name="title">Its heading.</param>
/// <param name="text">What is done.</param>
/// <param name="shape">How many of what.</param>
/// <param name="without">The names of the servers that it leaves out.</param>
/// <param name="figures">What is to be reached.</param>
internal sealed class PublishScene(
    string name, string title, string text, Func<LoadOptions, PublishShape> shape, string[] without,
    Func<IReadOnlyList<ServerRounds>, Figure[]> figures) : IScene
{
    public string Name => name;

    public bool SharesServers => true;

    /// <summary>Whether its ratios vary so much that it takes more rounds than others.</summary>
    public bool HasManyRounds { get; init; }

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var loads = from server in await run.Servers.GetAsync()
                    where !without.Contains(server.Name)
                    select (server.Name, (Func<ILoad>)(() => new PublishLoad(run.Loop, server, shape(run.Options))));
        var all = await Turns.RunAsync(
            name, loads, run, HasManyRounds ? run.Options.ManyRounds : run.Options.Rounds, run.Options.RoundTime);
        return new SceneReport(title, text, ToTable(all, shape(run.Options)), figures(all));
    }

    private static Table ToTable(IReadOnlyList<ServerRounds> all, PublishShape shape)
    {
        var isDelivered = shape.SubscribersPerTopic > 0;
        var isFanOut = shape.SubscribersPerTopic > 1;
        var perWhat = isFanOut ? "CPU µs per delivery" : "CPU µs per event";
        var table = new Table(
            "server", perWhat, "to the floor", "Redis and RabbitMQ, µs per event", "events/s",
            isDelivered ? "p50 ms" : "p50 ms to the answer", "p99 ms", "lost", "load generator, µs per event");
        foreach (var side in all)
        {
            Func<Measurement, double> cpu = isFanOut ? static round => round.CpuPerDelivery : static round => round.CpuPerEvent;
            table.Add(
                side.Name, Table.Number(side.Median(cpu), isFanOut ? 2 : 1), Table.Number(side.RatioTo(all[0], cpu), 2),
                Table.Positive(side.Median(static round => round.OthersPerEvent), 0),
                Table.Number(side.Median(static round => round.EventsPerSecond), 0),
                Table.Number(side.Median(static round => round.Latencies.Median), 3),
                Table.Number(side.Median(static round => round.Latencies.Percentile99), 3),
                Table.Number(side.Lost, 0), Table.Number(side.Median(static round => round.GeneratorPerEvent), 1));
        }

        return table;
    }
}
