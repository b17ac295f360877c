using System.Diagnostics;
using System.Text;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Client;

/// <summary>Clients that connect, register and leave, each as soon as one before it has left.</summary>
/// <param name="loop">The load generator.</param>
/// <param name="server">The server, running.</param>
/// <param name="outstanding">How many at a time.</param>
internal sealed class VisitLoad(EventLoop loop, LoadServer server, int outstanding) : ILoad
{
    /// <inheritdoc/>
    public Measurement Run(TimeSpan time)
    {
        loop.Sleeps = server.SharesProcessor;
        var visits = new List<Visit>();
        var latencies = new List<double>();
        var usage = Usage.Now(server, loop);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < outstanding; i++) visits.Add(new Visit(loop, server));
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

    /// <inheritdoc/>
    public void Dispose()
    {
        // Each round's clients have left.
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
