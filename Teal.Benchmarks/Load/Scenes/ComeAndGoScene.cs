using System.Diagnostics;
using System.Text;
using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Clients that connect, register and leave.</summary>
internal sealed class ComeAndGoScene : IScene
{
    private const int Outstanding = 16;

    public string Name => "come-and-go";

    public async Task<SceneReport> RunAsync(EventLoop loop, LoadOptions options, Progress progress)
    {
        ServerRounds[] all = [new(new FloorServerProcess()), new(new NchanServer()), new(TealServer.Durable()), new(TealServer.InMemory())];
        try
        {
            foreach (var side in all)
            {
                progress.Tell($"{Name}: {side.Server.Name} starts and warms up");
                await side.Server.StartAsync(options);
                options.WarmUp(time => Run(loop, side.Server, time));
            }

            for (var round = 1; round <= options.Rounds; round++)
            {
                progress.Tell($"{Name}: round {round} of {options.Rounds}");
                foreach (var side in all) side.Measurements.Add(Run(loop, side.Server, options.RoundTime));
            }
        }
        finally
        {
            foreach (var side in all) await side.Server.DisposeAsync();
        }

        var table = new Table("server", "CPU µs for each", "to the floor", "clients/s", "p50 ms", "p99 ms", "load generator, µs for each");
        foreach (var side in all)
        {
            table.Add(
                side.Server.Name, Table.Number(side.Median(static round => round.CpuPerEvent), 0), Table.Number(side.RatioTo(all[0], static round => round.CpuPerEvent), 2),
                Table.Number(side.Median(static round => round.EventsPerSecond), 0), Table.Number(side.Median(static round => round.Latencies.Median), 2),
                Table.Number(side.Median(static round => round.Latencies.Percentile99), 2), Table.Number(side.Median(static round => round.GeneratorPerEvent), 0));
        }

        return new SceneReport(
            "Clients that come and go",
            $"A client opens a TCP connection, shakes hands, makes a state and registers for it (Teal), closes with a close frame and hears the server's; {Outstanding} at a time.",
            table, []);
    }

    private static Measurement Run(EventLoop loop, LoadServer server, TimeSpan time)
    {
        var visits = new List<Visit>();
        var latencies = new List<double>();
        var usage = Usage.Now(server, loop);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Outstanding; i++) visits.Add(new Visit(loop, server));
        loop.RunUntil(
            () =>
            {
                var isOver = Stopwatch.GetElapsedTime(started) >= time;
                for (var i = visits.Count - 1; i >= 0; i--)
                {
                    if (!visits[i].IsOver()) continue;

                    latencies.Add(visits[i].Elapsed.TotalMilliseconds);
                    visits[i].Dispose();
                    if (isOver) visits.RemoveAt(i);
                    else visits[i] = new Visit(loop, server);
                }

                return visits.Count == 0;
            },
            "clients to come and go");
        var elapsed = Stopwatch.GetElapsedTime(started);
        return new Measurement(latencies.Count, 0, 0, elapsed, Usage.Now(server, loop) - usage, Latencies.From(latencies));
    }

    private sealed class Visit : IDisposable
    {
        private readonly LoadServer _server;
        private readonly string _topic = $"{Guid.NewGuid():N}";
        private readonly WebSocketClient _client;
        private readonly long _started = Stopwatch.GetTimestamp();
        private bool _hasSaidAll;

        public Visit(EventLoop loop, LoadServer server)
        {
            _server = server;
            _client = new WebSocketClient(loop, server.WebSocketPort, Encoding.ASCII.GetBytes(server.Handshake(_topic)), static _ => { });
        }

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

        public bool IsOver()
        {
            if (_client.IsOpen && !_hasSaidAll)
            {
                _hasSaidAll = true;
                foreach (var message in _server.Registration(_topic, isFirst: true)) _client.SendText(message);
                _client.SendClose();
            }

            return _client.IsClosing || _client.IsClosed;
        }

        public void Dispose() => _client.Dispose();
    }
}
