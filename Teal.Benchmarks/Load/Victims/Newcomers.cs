using System.Diagnostics;
using System.Text;
using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Floods;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Victims;

/// <summary>
/// Twice a second a client comes to the dispatcher and makes a state, whose first callback then arrives; and somebody asks there for the
/// server's health. They are to be served whatever happens at the listener, and however full the journal is.
/// </summary>
internal sealed class Newcomers : IDisposable
{
    private const int Senders = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5), Limit = TimeSpan.FromSeconds(2);
    private static readonly byte[] Health = Encoding.ASCII.GetBytes(LoadServer.Http("GET /health/ready"));

    private readonly EventLoop _loop;
    private readonly TealServer _server;
    private readonly List<Visit> _visits = [];
    private readonly Queue<Sender> _senders = new();
    private long _due;
    private bool _isClosed;

    /// <summary>Begins; the connections for callbacks are a proxy's, which are there already.</summary>
    public Newcomers(EventLoop loop, TealServer server)
    {
        (_loop, _server) = (loop, server);
        for (var i = 0; i < Senders; i++) _senders.Enqueue(new Sender(loop, server.HttpPort));
        loop.EachTurn += Turn;
    }

    /// <summary>How many were not served, or not in time.</summary>
    public int Failures { get; private set; }

    /// <summary>No more of them come; those that did are waited for.</summary>
    public void Close()
    {
        _isClosed = true;
        _loop.TryRunUntil(() => _visits.Count == 0, Limit + Interval);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loop.EachTurn -= Turn;
        foreach (var visit in _visits) visit.Connection.Dispose();
        foreach (var sender in _senders) sender.Dispose();
    }

    private void Turn()
    {
        for (var i = _visits.Count - 1; i >= 0; i--)
        {
            var visit = _visits[i];
            if (visit.IsServed is null && Stopwatch.GetElapsedTime(visit.Since) <= Limit) continue;

            if (visit.IsServed is not true) Failures++;
            visit.Connection.Dispose();
            _visits.RemoveAt(i);
        }

        if (_isClosed || Stopwatch.GetElapsedTime(_due) < Interval) return;

        _due = Stopwatch.GetTimestamp();
        Come();
        AskForHealth();
    }

    private void Come()
    {
        var state = Requests.Random();
        var client = new ExtendedClient(_loop, _server, Origin.Client);
        var visit = new Visit(client);
        client.OnAnswer = isDone =>
        {
            if (isDone) Call(state, visit);
            else visit.IsServed = false;
        };
        client.OnEnd = () => visit.IsServed ??= false;
        client.Say(ExtendedMessages.Create(state));
        _visits.Add(visit);
    }

    private void Call(string state, Visit visit)
    {
        var sender = _senders.Dequeue();
        _senders.Enqueue(sender);
        sender.Send(Requests.Callback($"state={state}&code=1"), status => visit.IsServed ??= status is 204 or 302);
    }

    private void AskForHealth()
    {
        Visit? visit = null;
        var sender = new HttpSender(
            _loop, _server.WebSocketPort, status => visit!.IsServed = status == 200, Origin.Client, () => visit!.IsServed ??= false);
        visit = new Visit(sender);
        sender.Post(Health);
        _visits.Add(visit);
    }

    private sealed class Visit(IDisposable connection)
    {
        public IDisposable Connection => connection;

        public long Since { get; } = Stopwatch.GetTimestamp();

        public bool? IsServed { get; set; }
    }

    /// <summary>A connection that is kept, and opened anew where the server has closed it.</summary>
    private sealed class Sender : IDisposable
    {
        private readonly EventLoop _loop;
        private readonly int _port;
        private HttpSender? _connection;
        private Action<int>? _onAnswer;

        public Sender(EventLoop loop, int port)
        {
            (_loop, _port) = (loop, port);
            Open();
        }

        public void Send(byte[] request, Action<int> onAnswer)
        {
            if (_connection is null || _connection.IsClosing || _connection.IsClosed) Open();
            _onAnswer = onAnswer;
            _connection!.Post(request);
        }

        public void Dispose() => _connection?.Dispose();

        private void Open()
        {
            _connection?.Dispose();
            _connection = new HttpSender(_loop, _port, status => _onAnswer?.Invoke(status), Origin.Client, () => _onAnswer?.Invoke(0));
        }
    }
}
