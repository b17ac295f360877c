using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Teal.Tests.Support;

/// <summary>
/// Senders that go on whatever happens, clients that go on from their cursors whatever happens, and in the end an account: each event that
/// was answered has come exactly once, and each sender's in its order.
/// </summary>
internal sealed class CrashLoad : IAsyncDisposable
{
    private const int Topics = 4, SendersOfATopic = 4;

    private readonly Uri[] _listeners;
    private readonly Uri[] _dispatchers;
    private readonly CancellationTokenSource _sendingEnds = new();
    private readonly CancellationTokenSource _receivingEnds = new();
    private readonly ConcurrentQueue<(int Sender, int Number)>[] _answered = [.. Enumerable.Range(0, Topics).Select(
        static _ => new ConcurrentQueue<(int, int)>())];
    private readonly ConcurrentQueue<(int Sender, int Number)>[] _received = [.. Enumerable.Range(0, Topics).Select(
        static _ => new ConcurrentQueue<(int, int)>())];
    private readonly List<Task> _sending = [];
    private readonly List<Task> _receiving = [];
    private int _refused;
    private int _unanswered;
    private int _gaps;
    private int _connections;
    private TimeSpan _slowest;

    private CrashLoad(Uri[] listeners, Uri[] dispatchers)
    {
        _listeners = listeners;
        _dispatchers = dispatchers;
    }

    /// <summary>How many were answered with 503.</summary>
    public int Refused => _refused;

    /// <summary>How long the slowest answer took.</summary>
    public TimeSpan Slowest => _slowest;

    public int Answered => _answered.Sum(static topic => topic.Count);

    /// <summary>Binds the topics, and begins to send and to receive.</summary>
    public static async Task<CrashLoad> StartAsync(Uri[] listeners, Uri[] dispatchers)
    {
        var load = new CrashLoad(listeners, dispatchers);
        for (var topic = 0; topic < Topics; topic++)
        {
            var bound = new TaskCompletionSource();
            load._receiving.Add(load.ReceiveAsync(topic, bound));
            await bound.Task.WithinLimit();
            for (var i = 0; i < SendersOfATopic; i++) load._sending.Add(load.SendAsync(topic, (topic * SendersOfATopic) + i));
        }

        return load;
    }

    /// <summary>Ends sending, waits for what is on its way, and draws up the account.</summary>
    public async Task<string> SettleAsync()
    {
        await _sendingEnds.CancelAsync();
        await Task.WhenAll(_sending).WithinLimit();
        await Eventually.HoldsAsync(
            () => Enumerable.Range(0, Topics).All(topic => _answered[topic].Except(_received[topic]).Take(1).ToArray().Length == 0),
            $"every answered event; {Answered} were answered, {_received.Sum(static topic => topic.Count)} received");
        await _receivingEnds.CancelAsync();
        await Task.WhenAll(_receiving).WithinLimit();

        foreach (var topic in _received)
        {
            topic.Should().OnlyHaveUniqueItems("no event may come twice");
            foreach (var sender in topic.GroupBy(static @event => @event.Sender))
                sender.Select(static @event => @event.Number).Should().BeInAscendingOrder("a sender's events come in its order");
        }

        _gaps.Should().Be(0);
        return $"Answered: {Answered} with 204, {_refused} with 503, {_unanswered} not at all; received: "
            + $"{_received.Sum(static topic => topic.Count)}, each once, "
            + $"over {_connections} connections; slowest answer {_slowest.TotalSeconds:0.0} s.";
    }

    public async ValueTask DisposeAsync()
    {
        await _sendingEnds.CancelAsync();
        await _receivingEnds.CancelAsync();
        await Task.WhenAll([.. _sending, .. _receiving]).WithinLimit();
        _sendingEnds.Dispose();
        _receivingEnds.Dispose();
    }

    private async Task SendAsync(int topic, int sender)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(15) };
        for (var number = 0; !_sendingEnds.IsCancellationRequested; number++)
        {
            var asked = Stopwatch.GetTimestamp();
            try
            {
                // Always to the same listener: it is one listener's order that is kept.
                var listener = _listeners[sender % _listeners.Length];
                using var answer = await http.GetAsync(new Uri(listener, $"/callback?state=topic{topic}&n={sender}-{number}."));
                if ((int)answer.StatusCode == 204) _answered[topic].Enqueue((sender, number));
                else if ((int)answer.StatusCode == 503) Interlocked.Increment(ref _refused);
                else throw new InvalidOperationException($"A sender was answered {(int)answer.StatusCode}.");
                lock (_sending) _slowest = Stopwatch.GetElapsedTime(asked) is var took && took > _slowest ? took : _slowest;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or SocketException)
            {
                // Not answered: it may be kept or not. HttpClient lets the last of them through where a new connection breaks at once.
                Interlocked.Increment(ref _unanswered);
                await Task.Delay(10);
            }
        }
    }

    private async Task ReceiveAsync(int topic, TaskCompletionSource bound)
    {
        string? cursor = null;
        var expiresAt = RealClock.InAnHour.ToString("s", CultureInfo.InvariantCulture);
        while (!_receivingEnds.IsCancellationRequested)
        {
            try
            {
                await using var client = await TestClient.ConnectAsync(_dispatchers[topic % _dispatchers.Length], subprotocol: "teal.v2");
                Interlocked.Increment(ref _connections);
                using var abort = _receivingEnds.Token.Register(client.Socket.Abort);
                var create = cursor is null ? new { type = "callback", state = $"topic{topic}", expires_at = expiresAt } : null;
                await client.SendAsync(
                    new { id = 1, create, register_to = new { type = "callback", state = $"topic{topic}", after = cursor } });
                while (await client.ReceiveForeverAsync() is { } frame)
                {
                    using var document = JsonDocument.Parse(frame);
                    var message = document.RootElement;
                    switch (message.GetProperty("type").GetString())
                    {
                        case "ack":
                            bound.TrySetResult();
                            cursor = message.GetProperty("cursor").GetString();
                            break;
                        case "callback":
                            var match = Regex.Match(message.GetProperty("url").GetString()!, @"n=(\d+)-(\d+)\.");
                            _received[topic].Enqueue((Parse(match, 1), Parse(match, 2)));
                            cursor = message.GetProperty("cursor").GetString();
                            break;
                        case "gap":
                            Interlocked.Increment(ref _gaps);
                            break;
                    }
                }
            }
            catch (Exception exception) when (
                exception is WebSocketException or OperationCanceledException or IOException or TimeoutException or ObjectDisposedException)
            {
                // The server is gone; it comes back. Or receiving has ended while the connection came up: aborting disposes of the socket.
                await Task.Delay(20);
            }
        }
    }

    private static int Parse(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
}
