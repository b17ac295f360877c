using System.Diagnostics;
using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Floods;
using Teal.Benchmarks.Load.Herds;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;
using Teal.Benchmarks.Load.Victims;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Many programs that come back at once for one state, of which many events are kept.</summary>
internal sealed class HerdScene : IScene
{
    private const int Programs = 1_000, Kept = 10_000, EventLength = 100;

    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(2),
        LeastTime = TimeSpan.FromSeconds(4), Limit = TimeSpan.FromSeconds(60), LastEventLimit = TimeSpan.FromSeconds(10);

    public string Name => "herd";

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var all = new List<HerdMeasurement>();
        foreach (var server in (TealServer[])[TealServer.Durable(), new DistributedTealServer()])
        {
            await using (server)
            {
                run.Progress.Tell($"{Name}: {server.Name}");
                await server.StartAsync(run.Options);
                all.AddRange(Measure(run, server));
            }
        }

        return new SceneReport(
            "A herd that comes back",
            $"""
            {run.Options.Scale(Programs):N0} programs connect at once, each from an address of its own, create one state of which {run.Options.Scale(Kept):N0} events are kept, and register for it; they were there once before. Who is turned away tries again after half a second.
            Those with a cursor missed {HerdManner.EventsBehindCursor} events; those that begin at the earliest are sent all, which goes on while the callbacks beside them are measured. A callback of somebody else is due every 4 ms, for {LeastTime.TotalSeconds:F0} s at least.
            It comes from a thread of its own, which goes before the load generator's others; a maximum may be too high by the longest pause of that thread.
            """,
            HerdMeasurement.ToTable(all), [.. all.SelectMany(static one => one.Figures)]);
    }

    private List<HerdMeasurement> Measure(SceneRun run, TealServer server)
    {
        var (loop, options, progress, _) = run;

        // Some hosts stop a virtual machine that keeps both processors and the disk busy, until the next tenth of a second: the pause would
        // count as the server's.
        loop.Sleeps = true;
        var target = new FloodTarget(loop, server, options, new Tally());
        var state = Requests.Random();
        KeptEvents.Create(target, state);
        KeptEvents.Callbacks(target, state, options.Scale(Kept), EventLength);
        using var victim = new Victim(loop, server);
        victim.Begin();
        loop.RunFor(WarmUpTime);

        // Programs that come back were there before.
        Come(target, state, HerdManner.All[0]).Dispose();
        loop.RunFor(WarmUpTime);
        victim.End();
        var all = new List<HerdMeasurement>();
        foreach (var manner in HerdManner.All)
        {
            progress.Tell($"{Name}: {server.Name}: {manner.Title}");
            all.Add(Measure(target, victim, state, manner));
        }

        return all;
    }

    private static Herd Come(FloodTarget target, string state, HerdManner manner)
    {
        var herd = new Herd(
            target.Loop, target.Server, target.Options.Scale(Programs), manner, manner.Messages(state, KeptEvents.FindEnd(target, state)));
        target.Loop.TryRunUntil(() => herd.IsRegistered, Limit);
        return herd;
    }

    private static HerdMeasurement Measure(FloodTarget target, Victim victim, string state, HerdManner manner)
    {
        var (loop, server, options, _) = target;
        var messages = manner.Messages(state, KeptEvents.FindEnd(target, state));
        KeptEvents.Callbacks(target, state, HerdManner.EventsBehindCursor, EventLength);
        var (before, cpu) = (server.Process.ReadResident(), server.Process.ReadCpu());
        server.Process.ForgetPeak();
        victim.Begin();
        var started = Stopwatch.GetTimestamp();
        using var herd = new Herd(loop, server, options.Scale(Programs), manner, messages);
        var isRegistered = loop.TryRunUntil(() => herd.IsRegistered, Limit);
        var elapsed = Stopwatch.GetElapsedTime(started);
        cpu = server.Process.ReadCpu() - cpu;
        loop.RunFor(LeastTime - elapsed);
        var report = victim.End();
        var growth = server.Process.ReadPeak() - before;

        var (eventToAll, lost) = ((TimeSpan?)null, 0);
        if (manner.MissedEvents is { } missed)
        {
            started = Stopwatch.GetTimestamp();
            KeptEvents.Callbacks(target, state, count: 1, EventLength);
            loop.TryRunUntil(() => herd.Missing(missed + 1) == 0, LastEventLimit);
            (eventToAll, lost) = (Stopwatch.GetElapsedTime(started), herd.Missing(missed + 1));
        }

        return new HerdMeasurement
        {
            Server = server.Name,
            Manner = manner,
            Registered = isRegistered ? elapsed : null,
            Refusals = herd.Refusals,
            Cpu = cpu,
            Growth = growth,
            EventToAll = eventToAll,
            Lost = lost,
            Victim = report,
        };
    }
}
