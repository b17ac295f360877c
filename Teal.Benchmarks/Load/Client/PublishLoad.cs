using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Client;

/// <summary>Sends events to a server, each as soon as one before it is answered and delivered, and receives them.</summary>
internal sealed class PublishLoad : ILoad
{
    private const int StatesPerConnection = 1000;
    private static readonly TimeSpan LastEventLimit = TimeSpan.FromSeconds(10);

    private readonly EventLoop _loop;
    private readonly LoadServer _server;
    private readonly PublishShape _shape;
    private readonly List<WebSocketClient> _clients = [];
    private readonly Flight[] _flights;
    private readonly List<double> _latencies = [];
    private readonly string[] _topics;
    private readonly byte[][] _requests;
    private bool _isStopping;
    private int _underWay;
    private int _mostEvents;
    private int _events, _deliveries, _failures, _strays;

    /// <summary>Connects and registers all clients; the server has done that when it returns.</summary>
    /// <param name="loop">The load generator.</param>
    /// <param name="server">The server, running.</param>
    /// <param name="shape">How many of what.</param>
    public PublishLoad(EventLoop loop, LoadServer server, PublishShape shape)
    {
        (_loop, _server, _shape) = (loop, server, shape);
        _topics = [.. Enumerable.Range(0, shape.Topics).Select(static i => $"{Guid.NewGuid():N}")];
        _flights = new Flight[shape.Outstanding];
        if (shape.SubscribersPerTopic == 0) CreateStates();
        for (var subscriber = 0; subscriber < shape.SubscribersPerTopic; subscriber++)
        {
            foreach (var topic in _topics) Connect(topic, server.Registration(topic, subscriber == 0));
            Settle();
        }

        _requests = [.. _topics.Select(topic => Encoding.ASCII.GetBytes(server.Request(topic)))];
        for (var i = 0; i < _flights.Length; i++) _flights[i] = new Flight(this, loop, server.HttpPort, i);
    }

    /// <summary>The topics.</summary>
    public IReadOnlyList<string> Topics => _topics;

    private int SubscribersPerTopic => _shape.SubscribersPerTopic;

    /// <summary>Keeps as many events under way as the shape says, for a time, and measures.</summary>
    public Measurement Run(TimeSpan time) => Run(time, int.MaxValue);

    /// <summary>The same for a number of events.</summary>
    public Measurement RunCount(int count) => Run(TimeSpan.FromMinutes(2), count);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
        foreach (var flight in _flights) flight.Sender.Dispose();
    }

    private Measurement Run(TimeSpan time, int count)
    {
        (_events, _deliveries, _failures, _strays) = (0, 0, 0, 0);
        _loop.Sleeps = _server.SharesProcessor;
        _latencies.Clear();
        _isStopping = false;
        _mostEvents = count;
        _underWay = _shape.Outstanding;
        var usage = Usage.Now(_server, _loop);
        var started = Stopwatch.GetTimestamp();
        foreach (var flight in _flights) flight.Begin();
        _loop.TryRunUntil(
            () =>
            {
                _isStopping = _isStopping || Stopwatch.GetElapsedTime(started) >= time;
                return _underWay == 0;
            },
            time + LastEventLimit);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var expected = _events * _shape.SubscribersPerTopic;
        return new Measurement(
            _events, _deliveries, Math.Max(0, expected - _deliveries) + _failures + _strays, elapsed, Usage.Now(_server, _loop) - usage,
            Latencies.From(_latencies));
    }

    private void Connect(string topic, IReadOnlyList<string> messages)
    {
        var client = new WebSocketClient(_loop, _server.WebSocketPort, Encoding.ASCII.GetBytes(_server.Handshake(topic)), OnMessage);
        _clients.Add(client);
        _loop.RunUntil(() => client.IsOpen, "a handshake");
        foreach (var message in messages) client.SendText(message);
        client.SendPing();
    }

    // The answer to a ping comes after what was sent before it is done.
    private void Settle() => _loop.RunUntil(() => _clients.TrueForAll(static client => client.Pongs > 0), "registrations");

    private void CreateStates()
    {
        foreach (var some in _topics.Chunk(StatesPerConnection))
        {
            string[] messages =
            [
                .. some.Select(topic => _server.Registration(topic, isFirst: true))
                    .Where(static all => all.Count > 0).Select(static all => all[0]),
            ];
            if (messages.Length == 0) return;
            Connect(some[0], messages);
            Settle();
        }
    }

    private void OnMessage(ReadOnlySpan<byte> message)
    {
        var name = "&code=0123456789abcdef"u8;
        var at = message.IndexOf(name);
        if (at < 0 || !Utf8Parser.TryParse(message.Slice(at + name.Length, LoadServer.Number.Length), out int number, out _))
            throw new InvalidDataException($"Not an event: {Encoding.UTF8.GetString(message)}");

        _deliveries++;
        _flights[number % _shape.Outstanding].OnDelivery(number);
    }

    /// <summary>One event under way, and the connection that brings it.</summary>
    private sealed class Flight
    {
        private readonly PublishLoad _load;
        private byte[] _request = [];
        private int _number;
        private int _missing;
        private bool _isAnswered;
        private long _started;

        public Flight(PublishLoad load, EventLoop loop, int port, int index)
        {
            _load = load;
            _number = index;
            Sender = new HttpSender(loop, port, OnAnswer);
        }

        public HttpSender Sender { get; }

        public void Begin()
        {
            _number = (_number + _load._flights.Length) % 100_000_000;
            _missing = _load.SubscribersPerTopic;
            _isAnswered = false;
            _request = _load._requests[_number % _load._requests.Length];
            WriteNumber();
            _started = Stopwatch.GetTimestamp();
            _load._events++;
            Sender.Send(_request);
        }

        public void OnDelivery(int number)
        {
            if (number != _number || _missing == 0) _load._strays++;
            else if (--_missing == 0) OnPart(isLast: true);
        }

        private void OnAnswer(int status)
        {
            if (status is < 200 or >= 400) _load._failures++;
            _isAnswered = true;
            OnPart(isLast: _load.SubscribersPerTopic == 0);
        }

        private void OnPart(bool isLast)
        {
            if (isLast) _load._latencies.Add(Stopwatch.GetElapsedTime(_started).TotalMilliseconds);
            if (!_isAnswered || _missing > 0) return;

            if (_load._isStopping || _load._events >= _load._mostEvents) _load._underWay--;
            else Begin();
        }

        private void WriteNumber()
        {
            var place = _request.AsSpan().IndexOf("&code=0123456789abcdef"u8) + 22;
            Utf8Formatter.TryFormat(
                _number, _request.AsSpan(place, LoadServer.Number.Length), out _, new System.Buffers.StandardFormat('D', 8));
        }
    }
}
