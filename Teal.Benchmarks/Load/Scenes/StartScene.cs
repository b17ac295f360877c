using System.Diagnostics;
using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>How long a start takes.</summary>
internal sealed class StartScene : IScene
{
    private const int Starts = 5;

    public string Name => "start";

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var (_, options, progress, _) = run;
        var table = new Table("server", "s until the first answer", "CPU s", "MiB");
        var embedded = await MeasureAsync(TealServer.DurableName, TealServer.Durable);
        await MeasureAsync(TealServer.InMemoryName, TealServer.InMemory);
        return new SceneReport(
            "Start",
            $"From the start of the process, with an empty data folder, until `/health/ready` answers 200; the middle of {Starts} starts.",
            table, [Figure.AtMost("start to the first answer", embedded, 0.5, "s")]);

        async Task<double> MeasureAsync(string name, Func<TealServer> make)
        {
            var (times, cpu, memory) = (new List<double>(), new List<double>(), new List<double>());
            for (var start = 1; start <= Starts; start++)
            {
                progress.Tell($"{Name}: {name}, {start} of {Starts}");
                await using var server = make();
                var started = Stopwatch.GetTimestamp();
                await server.StartAsync(options);
                times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                cpu.Add(server.Process.ReadCpu().TotalSeconds);
                memory.Add(server.Process.ReadMemory() / 1048576.0);
            }

            table.Add(
                name, Table.Number(Statistics.Median(times), 2), Table.Number(Statistics.Median(cpu), 2),
                Table.Number(Statistics.Median(memory), 0));
            return Statistics.Median(times);
        }
    }
}
