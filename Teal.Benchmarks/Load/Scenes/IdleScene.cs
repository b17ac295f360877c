using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Clients that are registered and wait: memory for each, and what their pings cost.</summary>
internal sealed class IdleScene : IScene
{
    private const int Connections = 10_000;
    private const double CeilingInKiB = 12;

    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);

    public string Name => "idle";

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var (loop, options, progress, _) = run;
        var half = options.Scale(Connections) / 2;
        var table = new Table(
            "server", $"KiB for each of {half:N0}", $"KiB for each of {half * 2:N0}", "MiB in all", "growth by the second half",
            "CPU while idle, % of a core", "to the floor");
        var figures = new List<Figure>();
        var floor = double.NaN;

        // A minute for Teal, and one round of pings for the others.
        var otherTime = options.IdleTime / 3;
        LoadServer[] servers = [new FloorServerProcess(), new NchanServer(), TealServer.Durable(), new DistributedTealServer()];
        foreach (var server in servers)
        {
            await using (server)
            {
                var idleTime = server.Name == TealServer.DurableName ? options.IdleTime : otherTime;
                progress.Tell($"{Name}: {server.Name}, {half * 2:N0} connections, then {idleTime.TotalSeconds:F0} s of waiting");
                await server.StartAsync(options);
                using var load = new IdleLoad(loop, server);

                // What a server needs once, whatever comes, is not a connection's.
                load.Connect(half / 5);
                load.Wait(SettleTime);
                var empty = server.Process.ReadMemory();
                load.Connect(half);
                load.Wait(SettleTime);
                var first = server.Process.ReadMemory();
                load.Connect(half);
                load.Wait(SettleTime);
                var second = server.Process.ReadMemory();
                var cpu = server.Process.ReadCpu();
                load.Wait(idleTime);
                var idle = (server.Process.ReadCpu() - cpu) / idleTime * 100;

                double atHalf = (first - empty) / 1024.0 / half, atAll = (second - empty) / 1024.0 / (half * 2);
                if (double.IsNaN(floor)) floor = idle;
                table.Add(
                    server.Name, Table.Number(atHalf, 1), Table.Number(atAll, 1), Table.Number(server.Process.ReadMemory() / 1048576.0, 0),
                    Table.Number((double)(second - first) / (first - empty), 2), Table.Number(idle, 2), Table.Number(idle / floor, 2));
                if (server.Name == TealServer.DurableName)
                {
                    figures.Add(Figure.AtMost("memory for each idle registered connection", atAll, CeilingInKiB, "KiB"));
                    figures.Add(Figure.AtMost("memory when idle connections double", (double)second / first, 2, "x"));
                }
            }
        }

        return new SceneReport(
            "Idle connections",
            $"Clients that are registered for a topic each and wait; the state that Teal keeps for each of them counts. Then "
                + $"{options.IdleTime.TotalSeconds:F0} s (the others: {otherTime.TotalSeconds:F0} s) in which nothing happens but pings, "
                + "every 20 s from each server.",
            table, figures);
    }
}
