using System.Diagnostics;
using Teal.Benchmarks.Load.Floods;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;
using Teal.Benchmarks.Load.Victims;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Each flood on a server of its own, beside somebody who is not to notice.</summary>
/// <param name="name">What <c>--scenes</c> calls it.</param>
/// <param name="server">The server's name.</param>
/// <param name="make">Makes the server that a flood needs.</param>
/// <param name="isWanted">Which floods are run on it.</param>
internal sealed class FloodScene(string name, string server, Func<IFlood, TealServer> make, Func<IFlood, bool> isWanted) : IScene
{
    private const double MiB = 1024 * 1024;
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(2), SettleTime = TimeSpan.FromSeconds(0.5);

    public string Name => name;

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var all = new List<FloodMeasurement>();
        foreach (var flood in FloodCatalogue.Choose(run.Options.Floods).Where(isWanted))
        {
            run.Progress.Tell($"{name}: {flood.Name}");
            await using var target = make(flood);
            await target.StartAsync(run.Options);
            all.Add(Measure(run, flood, target));
            foreach (var line in target.Process.Errors.Take(3)) run.Progress.Tell($"{name}: {flood.Name}: {line}");
        }

        var options = run.Options;
        return new SceneReport(
            $"Floods, {server}",
            $"""
            Each flood lasts {options.FloodTime.TotalSeconds:F0} s, on a server of its own:

            {string.Join('\n', all.Select(static one => $"- `{one.Flood.Name}`: {one.Flood.Title}"))}

            Beside it a callback of somebody else is due every 4 ms, for a state with a client. Newcomers come twice a second: a client that connects to the dispatcher and makes a state, whose first callback then arrives, and somebody who asks there
            for the server's health; one that is not served within 2 s is refused. Lost is what was answered and did not come to its client, and what a client does not get that was registered for a topic of each kind, left before the flood, and
            comes back behind its cursors. The callbacks come from a thread of its own, which goes before the load generator's others; a maximum may be too high by the longest pause of that thread.
            """,
            FloodMeasurement.ToTable(all), Figures(all))
        {
            Second = (
                "Memory is the process's: before the flood is prepared, at most, and at the end of the wait. It is bounded when it grew "
                + $"by {FloodMeasurement.MostMemory:F0} MiB at most, and given back when it is {FloodMeasurement.MemoryThatStays:F0} "
                + $"MiB more than before at most, within {options.GiveBackTime.TotalSeconds:F0} s in which the callbacks go on. "
                + "A fault is a line with the level Error, a 5xx but 503, or the end of the process.",
                FloodMeasurement.ToServerTable(all)),
        };
    }

    private static FloodMeasurement Measure(SceneRun run, IFlood flood, TealServer server)
    {
        var (loop, options, _, _) = run;
        loop.Sleeps = server.SharesProcessor;
        var target = new FloodTarget(loop, server, options, new Tally());
        KeptEvents.WarmUp(target);
        var away = new AwayClient(target);
        away.Leave();
        using var victim = new Victim(loop, server);
        victim.Begin();
        loop.RunFor(WarmUpTime);
        victim.End();
        var before = server.Process.ReadResident();
        server.Process.ForgetPeak();
        flood.Prepare(target);
        loop.RunFor(SettleTime);

        using var newcomers = new Newcomers(loop, server);
        var cpu = server.Process.ReadCpu();
        victim.Begin();
        using (flood.Start(target)) loop.RunFor(options.FloodTime);
        cpu = server.Process.ReadCpu() - cpu;
        newcomers.Close();
        var report = victim.End();
        var most = server.Process.ReadPeak();

        victim.Begin();
        var giveBack = WaitForMemory(before + (long)(FloodMeasurement.MemoryThatStays * MiB));
        var after = server.Process.ReadResident();
        victim.End();
        return new FloodMeasurement
        {
            Flood = flood,
            Time = options.FloodTime,
            Answers = target.Tally,
            Victim = report,
            Refused = newcomers.Failures,
            Lost = report.Undelivered + away.ComeBack(),
            Memory = (before, most, after),
            GiveBack = giveBack,
            Disk = server.ReadDisk(),
            Store = server.ReadStoreMemory(),
            Log = server.Process.LogSize,
            ErrorLines = server.Process.ErrorCount,
            HasEnded = server.Process.HasEnded,
            Cpu = cpu,
        };

        TimeSpan? WaitForMemory(long size)
        {
            var started = Stopwatch.GetTimestamp();
            while (server.Process.ReadResident() > size)
            {
                if (Stopwatch.GetElapsedTime(started) >= options.GiveBackTime) return null;
                loop.RunFor(SettleTime);
            }

            return Stopwatch.GetElapsedTime(started);
        }
    }

    private List<Figure> Figures(List<FloodMeasurement> all)
    {
        var figures = new List<Figure>();
        foreach (var group in all.GroupBy(static one => one.Flood.Ceiling).OrderByDescending(static group => group.Key))
        {
            var ceiling = group.Key.TotalMilliseconds;
            figures.Add(Figure.AtMost(
                $"a callback beside floods of which it may take {ceiling:F0} ms, {server}: the longest",
                group.Max(static one => one.Victim.Maximum), ceiling, "ms"));
        }

        if (all.Count == 0) return figures;

        figures.Add(Figure.AtMost(
            $"such callbacks that were not answered with 204 or 302, {server}", all.Sum(static one => one.Victim.Wrong.All), 0, ""));
        figures.Add(Figure.AtMost(
            $"memory that a flood takes, {server}: the most", all.Max(static one => one.Growth), FloodMeasurement.MostMemory, "MiB"));
        figures.Add(
            Figure.AtMost($"floods whose memory was not given back, {server}", all.Count(static one => one.GiveBack is null), 0, ""));
        figures.Add(Figure.AtMost($"events that floods made others lose, {server}", all.Sum(static one => one.Lost), 0, ""));
        figures.Add(Figure.AtMost($"newcomers refused beside floods, {server}", all.Sum(static one => one.Refused), 0, ""));
        figures.Add(
            Figure.AtMost($"floods that made an Error line or a 5xx but 503, {server}", all.Count(static one => one.HasFault), 0, ""));
        return figures;
    }
}
