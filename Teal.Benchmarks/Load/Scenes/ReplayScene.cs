using System.Diagnostics;
using System.Text;
using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Events that were kept while nobody was there, and come when somebody registers for them.</summary>
internal sealed class ReplayScene : IScene
{
    private const int EventsPerTopic = 5_000, Topics = 20, Senders = 40;

    public string Name => "replay";

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var (loop, options, progress, _) = run;
        var perTopic = options.Scale(EventsPerTopic);
        var table = new Table("server", "events kept", "CPU µs per event", "to the floor", "events/s", "lost", "MiB of memory before", "after", "load generator, µs per event");
        var floor = double.NaN;
        var (cost, memories) = (new List<double>(), new List<double>());
        foreach (var server in (LoadServer[])[new FloorServerProcess(), new NchanServer(), TealServer.Durable(), TealServer.InMemory(), new DistributedTealServer()])
        {
            await using (server)
            {
                await server.StartAsync(options);
                var topics = new List<string>();
                for (var size = 1; size <= (server.Name == TealServer.DurableName ? 2 : 1); size++)
                {
                    progress.Tell($"{Name}: {server.Name} keeps {Topics * size * perTopic:N0} events, and replays them");
                    var load = new PublishLoad(loop, server, new PublishShape(Topics, 0, Senders));
                    var filled = load.RunCount(Topics * perTopic);
                    topics.AddRange(load.Topics);
                    load.Dispose();
                    if (filled.Lost > 0) throw new InvalidOperationException($"{server.Name} did not keep all events.");

                    // The first one also compiles.
                    var memory = server.Process.ReadMemory();
                    Replay(loop, server, topics, perTopic);
                    var rounds = Enumerable.Range(0, options.IsShort ? 1 : 3).Select(_ => Replay(loop, server, topics, perTopic)).ToArray();
                    var cpu = Statistics.Median(rounds.Select(static round => round.CpuPerEvent));
                    if (double.IsNaN(floor)) floor = cpu;
                    if (server.Name == TealServer.DurableName)
                    {
                        cost.Add(cpu);
                        memories.Add(memory);
                    }

                    table.Add(
                        server.Name, server is FloorServerProcess ? "none" : Table.Number(topics.Count * perTopic, 0), Table.Number(cpu, 2), Table.Number(cpu / floor, 2),
                        Table.Number(Statistics.Median(rounds.Select(static round => round.EventsPerSecond)), 0),
                        Table.Number(rounds.Sum(static round => round.Lost), 0), Table.Number(memory / 1048576.0, 0), Table.Number(server.Process.ReadMemory() / 1048576.0, 0),
                        Table.Number(Statistics.Median(rounds.Select(static round => round.GeneratorPerEvent)), 2));
                }
            }
        }

        return new SceneReport(
            "Replay of kept events", $"Clients that were not there register for {Topics} and {Topics * 2} topics with some {perTopic:N0} kept events each, and get them all; the floor sends one message as often, and keeps nothing.",
            table,
            [
                Figure.AtMost("CPU per replayed event when kept events double", cost[1] / cost[0], 1.2, "x"),
                Figure.AtMost("memory when kept events double", memories[1] / memories[0], 2, "x"),
            ]);
    }

    private static Measurement Replay(EventLoop loop, LoadServer server, List<string> topics, int perTopic)
    {
        var (expected, arrived) = (topics.Count * perTopic, 0);
        loop.Sleeps = server.SharesProcessor;
        var usage = Usage.Now(server, loop);
        var started = Stopwatch.GetTimestamp();
        var clients = topics.Select(topic => new WebSocketClient(loop, server.WebSocketPort, Encoding.ASCII.GetBytes(server.ReplayHandshake(topic, perTopic)), Count)).ToArray();
        loop.RunUntil(() => Array.TrueForAll(clients, static client => client.IsOpen), "handshakes");
        foreach (var (client, topic) in clients.Zip(topics))
        {
            foreach (var message in server.ReplayRegistration(topic)) client.SendText(message);
        }

        loop.TryRunUntil(() => arrived >= expected, TimeSpan.FromSeconds(60));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var used = Usage.Now(server, loop) - usage;
        foreach (var client in clients) client.Dispose();
        return new Measurement(arrived, arrived, Math.Abs(expected - arrived), elapsed, used, default);

        void Count(ReadOnlySpan<byte> message)
        {
            // Not the answer to the registration.
            if (message.IndexOf("&code="u8) >= 0) arrived++;
        }
    }
}
