using System.Diagnostics;
using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>
/// Chunks that are longer than can be, and connections that break within a body: the server is at fault in neither, and nobody has to act.
/// </summary>
internal sealed class BrokenBodiesFlood : IFlood
{
    private const int Connections = 4, Announced = 100_000, Sent = 9_000;

    public string Name => "broken-bodies";

    public string Title => $"{Connections} connections announce a chunk of 2 GiB, {Connections} more break within a body";

    public IDisposable Start(FloodTarget target)
    {
        ReadOnlyMemory<byte>[] chunked =
        [
            Requests.Post("/openid-ciba-callback", "Transfer-Encoding: chunked\r\n"), "80000000\r\n"u8.ToArray(),
        ];
        return new Both(new Repeater(target, target.Server.HttpPort, Connections, _ => chunked), new Breaker(target));
    }

    /// <summary>Opens connections, begins a body, and resets them.</summary>
    private sealed class Breaker : IDisposable
    {
        // So that the server has begun to read a body when it breaks.
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

        private readonly FloodTarget _target;
        private readonly byte[] _beginning = [.. Requests.WebhookHead("budgea.biapi.pro", Announced), .. new byte[Sent]];
        private readonly Queue<HttpSender> _senders = new();
        private long _last;

        public Breaker(FloodTarget target)
        {
            _target = target;
            target.Loop.EachTurn += Turn;
        }

        public void Dispose()
        {
            _target.Loop.EachTurn -= Turn;
            foreach (var sender in _senders) sender.Dispose();
        }

        private void Turn()
        {
            if (Stopwatch.GetElapsedTime(_last) < Interval) return;

            _last = Stopwatch.GetTimestamp();
            if (_senders.Count == Connections)
            {
                _senders.Dequeue().Dispose();
                _target.Tally.Add("reset");
            }

            var sender = new HttpSender(_target.Loop, _target.Server.HttpPort, _target.Tally.Add, Origin.Stranger);
            sender.Post(_beginning);
            _senders.Enqueue(sender);
        }
    }
}
