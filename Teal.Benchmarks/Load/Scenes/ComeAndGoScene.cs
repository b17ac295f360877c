using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Clients that connect, register and leave.</summary>
internal sealed class ComeAndGoScene : IScene
{
    private const int Outstanding = 16;

    public string Name => "come-and-go";

    public bool SharesServers => true;

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var loads =
            from server in await run.Servers.GetAsync()
            select (server.Name, (Func<ILoad>)(() => new VisitLoad(run.Loop, server, Outstanding)));
        var all = await Turns.RunAsync(Name, loads, run, run.Options.Rounds, run.Options.RoundTime);
        var table = new Table(
            "server", "CPU µs for each", "to the floor", "Redis and RabbitMQ, µs for each", "clients/s", "p50 ms", "p99 ms",
            "load generator, µs for each");
        foreach (var side in all)
        {
            table.Add(
                side.Name, Table.Number(side.Median(static round => round.CpuPerEvent), 0),
                Table.Number(side.RatioTo(all[0], static round => round.CpuPerEvent), 2),
                Table.Positive(side.Median(static round => round.OthersPerEvent), 0),
                Table.Number(side.Median(static round => round.EventsPerSecond), 0),
                Table.Number(side.Median(static round => round.Latencies.Median), 2),
                Table.Number(side.Median(static round => round.Latencies.Percentile99), 2),
                Table.Number(side.Median(static round => round.GeneratorPerEvent), 0));
        }

        return new SceneReport(
            "Clients that come and go",
            $"A client opens a TCP connection, shakes hands, makes a state and registers for it (Teal), closes with a close frame and "
                + $"hears the server's; {Outstanding} at a time.",
            table, []);
    }
}
