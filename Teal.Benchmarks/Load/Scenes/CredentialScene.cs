using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>What a connection costs with each form of credential.</summary>
internal sealed class CredentialScene : IScene
{
    private const int Outstanding = 16;
    private const double Ceiling = 1.05;

    public string Name => "credentials";

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        TealServer[] servers =
        [
            TealServer.InMemory(), new AccountTealServer("Teal, with an account's password", withKey: false),
            new AccountTealServer("Teal, with an API key", withKey: true),
        ];
        try
        {
            foreach (var server in servers)
            {
                run.Progress.Tell($"{Name}: {server.Name} starts");
                await server.StartAsync(run.Options);
            }

            return Report(await Turns.RunAsync(
                Name, servers.Select(server => (server.Name, (Func<ILoad>)(() => new VisitLoad(run.Loop, server, Outstanding)))), run,
                run.Options.ManyRounds, run.Options.RoundTime));
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }

    private static SceneReport Report(IReadOnlyList<ServerRounds> all)
    {
        var table = new Table("credential", "CPU µs for each connection", "to the configured password", "clients/s", "p50 ms", "p99 ms");
        foreach (var side in all)
        {
            table.Add(
                side.Name, Table.Number(side.Median(static round => round.CpuPerEvent), 0),
                Table.Number(side.RatioTo(all[0], static round => round.CpuPerEvent), 2),
                Table.Number(side.Median(static round => round.EventsPerSecond), 0),
                Table.Number(side.Median(static round => round.Latencies.Median), 2),
                Table.Number(side.Median(static round => round.Latencies.Percentile99), 2));
        }

        var ratio = all[^1].RatioTo(all[0], static round => round.CpuPerEvent);
        return new SceneReport(
            "Credentials",
            $"Clients come, make a state, register for it and leave, as in «Clients that come and go»; {Outstanding} at a time, "
                + "memory store. The first ones have the configured password of `anonymous`.",
            table, [Figure.AtMost("CPU for a connection with an API key", ratio, Ceiling, "x one with the configured password")]);
    }
}
