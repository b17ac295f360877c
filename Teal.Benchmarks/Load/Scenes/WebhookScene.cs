using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>What a signed webhook costs, beside a redirect and beside bare Kestrel that checks the same signature.</summary>
internal sealed class WebhookScene : IScene
{
    private const double Ceiling = 1.5;

    public string Name => "webhooks";

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var redirects = TealServer.Durable();
        LoadServer[] servers =
        [
            new WebhookFloorServer(), redirects, new WebhookTealServer("Teal, durable, webhooks"),
            new WebhookTealServer("Teal, memory, webhooks", "--Store", "Memory", "--Journal:MaximumMemory", "2047 MiB"),
        ];
        try
        {
            foreach (var server in servers)
            {
                run.Progress.Tell($"{Name}: {server.Name} starts");
                await server.StartAsync(run.Options);
            }

            var shape = new PublishShape(run.Options.Scale(1000), SubscribersPerTopic: 0, Outstanding: 64);
            var loads = servers.Select(server => (server.Name, (Func<ILoad>)(() => new PublishLoad(run.Loop, server, shape))));
            return Report(await Turns.RunAsync(Name, loads, run, run.Options.ManyRounds, run.Options.RoundTime));
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }

    private static SceneReport Report(IReadOnlyList<ServerRounds> all)
    {
        var table = new Table(
            "what comes", "CPU µs for each", "to the floor", "to a redirect", "events/s", "p50 ms to the answer", "p99 ms");
        foreach (var side in all)
        {
            table.Add(
                side.Name, Table.Number(side.Median(static round => round.CpuPerEvent), 1),
                Table.Number(side.RatioTo(all[0], static round => round.CpuPerEvent), 2),
                Table.Number(side.RatioTo(all[1], static round => round.CpuPerEvent), 2),
                Table.Number(side.Median(static round => round.EventsPerSecond), 0),
                Table.Number(side.Median(static round => round.Latencies.Median), 3),
                Table.Number(side.Median(static round => round.Latencies.Percentile99), 3));
        }

        return new SceneReport(
            "Webhooks",
            $"64 requests under way at a time, of {WebhookRequest.BodySize} bytes, which are signed as GitHub signs them. The floor reads "
                + "and hashes them, and keeps nothing. Teal checks the signature and keeps the whole request. The second line are "
                + "redirects.",
            table,
            [
                Figure.AtMost(
                    "CPU of a webhook, durable store", all[2].RatioTo(all[1], static round => round.CpuPerEvent), Ceiling, "x a redirect"),
            ]);
    }
}
