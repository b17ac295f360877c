using System.Diagnostics;
using System.Text;
using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Events that were kept while nobody was there, and come when somebody registers for them.</summary>
internal sealed class ReplayScene : IScene
{
    private const int EventsPerTopic = 5_000, Topics = 20, Senders = 40, MostRounds = 3;

    public string Name => "replay";

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var perTopic = run.Options.Scale(EventsPerTopic);
        var sides = new List<Side>
        {
            new(new FloorServerProcess(), Topics), new(new NchanServer(keepMinutes: 10), Topics / 2), new(TealServer.Durable(), Topics / 2),
            new(TealServer.Durable(), Topics),
            new(TealServer.InMemory(), Topics), new(new DistributedTealServer(), Topics),
        };
        try
        {
            foreach (var side in sides)
            {
                run.Progress.Tell($"{Name}: {side.Server.Name} keeps {side.TopicCount * perTopic:N0} events");
                await side.FillAsync(run, perTopic);
            }

            var rounds = Math.Min(run.Options.Rounds, MostRounds);
            for (var round = 1; round <= rounds; round++)
            {
                run.Progress.Tell($"{Name}: round {round} of {rounds}");
                foreach (var side in sides) side.Rounds.Measurements.Add(Replay(run.Loop, side.Server, side.Topics, perTopic));
            }

            return Report(sides, perTopic);
        }
        finally
        {
            foreach (var side in sides) await side.Server.DisposeAsync();
        }
    }

    private static SceneReport Report(List<Side> sides, int perTopic)
    {
        var table = new Table(
            "server", "events kept", "CPU µs per event", "to the floor", "events/s", "lost", "MiB of memory before", "after",
            "load generator, µs per event");
        foreach (var side in sides)
        {
            table.Add(
                side.Server.Name, side.Server is FloorServerProcess ? "none" : Table.Number(side.Topics.Count * perTopic, 0),
                Table.Number(side.Rounds.Median(static round => round.CpuPerEvent), 2),
                Table.Number(side.Rounds.RatioTo(sides[0].Rounds, static round => round.CpuPerEvent), 2),
                Table.Number(side.Rounds.Median(static round => round.EventsPerSecond), 0), Table.Number(side.Rounds.Lost, 0),
                Table.Number(side.MemoryBefore / 1048576.0, 0), Table.Number(side.Server.Process.ReadMemory() / 1048576.0, 0),
                Table.Number(side.Rounds.Median(static round => round.GeneratorPerEvent), 2));
        }

        var durable = sides.Where(static side => side.Server.Name == TealServer.DurableName).ToArray();
        return new SceneReport(
            "Replay of kept events",
            $"Clients that were not there register for {Topics} topics, or half as many, with some {perTopic:N0} kept events each, and "
                + "get them all; the floor sends one message as often, and keeps nothing.",
            table,
            [
                Figure.AtMost(
                    "CPU per replayed event when kept events double",
                    durable[1].Rounds.RatioTo(durable[0].Rounds, static round => round.CpuPerEvent), 1.2, "x"),
                Figure.AtMost("memory when kept events double", (double)durable[1].MemoryBefore / durable[0].MemoryBefore, 2, "x"),
            ]);
    }

    private static Measurement Replay(EventLoop loop, LoadServer server, List<string> topics, int perTopic)
    {
        var (expected, arrived) = (topics.Count * perTopic, 0);
        loop.Sleeps = server.SharesProcessor;
        var usage = Usage.Now(server, loop);
        var started = Stopwatch.GetTimestamp();
        var clients = topics.Select(
            topic => new WebSocketClient(
                loop, server.WebSocketPort, Encoding.ASCII.GetBytes(server.ReplayHandshake(topic, perTopic)), Count)).ToArray();
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

    /// <summary>A server with what it keeps.</summary>
    private sealed class Side(LoadServer server, int topicCount)
    {
        public LoadServer Server => server;

        public int TopicCount => topicCount;

        public List<string> Topics { get; } = [];

        public ServerRounds Rounds { get; } = new(server.Name);

        public long MemoryBefore { get; private set; }

        public async Task FillAsync(SceneRun run, int perTopic)
        {
            await server.StartAsync(run.Options);
            using (var load = new PublishLoad(run.Loop, server, new PublishShape(topicCount, 0, Senders)))
            {
                var filled = load.RunCount(topicCount * perTopic);
                if (filled.Lost > 0) throw new InvalidOperationException($"{server.Name} did not keep all events.");
                Topics.AddRange(load.Topics);
            }

            MemoryBefore = server.Process.ReadMemory();

            // It also compiles.
            Replay(run.Loop, server, Topics, perTopic);
        }
    }
}
