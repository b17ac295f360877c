using System.Diagnostics;
using System.Globalization;
using System.Text;
using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Floods;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Victims;

/// <summary>
/// Somebody who has nothing to do with what happens beside: a callback every few milliseconds for a state of his own, whose events a client
/// gets. Each is timed from when it was due, so that one that has to wait for others counts, too. It has a thread of its own, which goes
/// before the load generator's others where this process may say so: what they have to do is no delay of the server's.
/// </summary>
internal sealed class Victim : IDisposable
{
    private const int MostConnections = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(4),
        LastAnswerLimit = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromHours(1);

    private readonly EventLoop _loop;
    private readonly TealServer _server;
    private readonly ExtendedClient _client;
    private readonly string _request;
    private readonly Stack<Caller> _free = new();
    private readonly List<Caller> _callers = [];
    private readonly List<double> _latencies = [];
    private readonly Tally _wrong = new();
    private long _due;
    private Task _sending = Task.CompletedTask;
    private volatile bool _ends;
    private int _number, _accepted, _delivered;

    /// <summary>Makes the state, and registers for it.</summary>
    public Victim(EventLoop loop, TealServer server)
    {
        (_loop, _server) = (loop.CreateAnother(), server);
        _loop.Sleeps = true;
        var state = Requests.Random();
        _request = server.Request(state);
        _client = new ExtendedClient(_loop, server, Origin.Client) { OnEvent = _ => _delivered++ };
        _client.Say(ExtendedMessages.CreateAndRegister(state, "earliest"));
        _loop.RunUntil(() => _client.Answers > 0, "a victim's registration");
    }

    /// <summary>Begins to send, and forgets what was until now.</summary>
    public void Begin()
    {
        _latencies.Clear();
        _wrong.Clear();
        (_accepted, _delivered, _ends, _loop.LongestTurn) = (0, 0, false, TimeSpan.Zero);
        _sending = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends it, waits for what is under way, and tells.</summary>
    public VictimReport End()
    {
        _ends = true;
        _sending.Wait();
        var pause = _loop.LongestTurn;
        _loop.TryRunUntil(() => _free.Count == _callers.Count && _delivered >= _accepted, LastAnswerLimit);
        foreach (var caller in _callers) caller.GiveUp();
        return new VictimReport(
            Latencies.From(_latencies), _latencies.Count, _latencies.Count == 0 ? double.PositiveInfinity : _latencies[^1], _wrong,
            Math.Max(0, _accepted - _delivered), pause);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ends = true;
        _sending.Wait();
        foreach (var caller in _callers) caller.Dispose();
        _client.Dispose();
        _loop.Dispose();
    }

    private void Run()
    {
        RealTime.TryEnter();
        _due = Stopwatch.GetTimestamp();
        _loop.EachTurn += SendDue;
        _loop.TryRunUntil(() => _ends, Longest);
        _loop.EachTurn -= SendDue;
    }

    private void SendDue()
    {
        var now = Stopwatch.GetTimestamp();
        while (_due <= now)
        {
            if (!_free.TryPop(out var caller))
            {
                if (_callers.Count == MostConnections) return;

                caller = new Caller(this);
                _callers.Add(caller);
            }

            caller.Call(_due);
            _due += (long)(Interval.TotalSeconds * Stopwatch.Frequency);
        }
    }

    /// <summary>A connection, and the callback that it waits for.</summary>
    private sealed class Caller(Victim victim) : IDisposable
    {
        private HttpSender? _sender;
        private long _since;
        private bool _isWaiting;

        // A server may close a connection that is idle at the moment when a request is on its way; every browser then asks again on a new
        // one.
        private bool _isReused;

        public void Call(long due)
        {
            (_since, _isWaiting) = (due, true);
            Send();
        }

        public void GiveUp()
        {
            if (!_isWaiting) return;

            victim._wrong.Add("no answer");
            End();
        }

        public void Dispose() => _sender?.Dispose();

        private void Send()
        {
            _isReused = _sender is not null;
            _sender ??= new HttpSender(victim._loop, victim._server.HttpPort, OnAnswer, Origin.Client, OnClosed);
            _sender.Post(Encoding.ASCII.GetBytes(victim._request.Replace(
                LoadServer.Number, (victim._number++ % 100_000_000).ToString("D8", CultureInfo.InvariantCulture),
                StringComparison.Ordinal)));
        }

        private void OnAnswer(int status)
        {
            if (_sender!.IsClosing) Close();
            if (status is 204 or 302) victim._accepted++;
            else victim._wrong.Add(status);
            End();
        }

        private void OnClosed()
        {
            Close();
            if (!_isWaiting) return;

            if (_isReused)
            {
                Send();
                return;
            }

            victim._wrong.Add("closed");
            End();
        }

        private void Close()
        {
            _sender!.Dispose();
            _sender = null;
        }

        private void End()
        {
            _isWaiting = false;
            victim._latencies.Add(Stopwatch.GetElapsedTime(_since).TotalMilliseconds);
            victim._free.Push(this);
        }
    }
}
