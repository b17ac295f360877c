using System.Diagnostics;
using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>Clients that say something, hear the answer, and read nothing more. Where the server ends one, another comes.</summary>
internal sealed class DeafClients : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly FloodTarget _target;
    private readonly Origin _origin;
    private readonly string _message;
    private readonly HashSet<ExtendedClient> _clients = [];
    private readonly Queue<long> _ended = new();

    public DeafClients(FloodTarget target, int count, Origin origin, string message)
    {
        (_target, _origin, _message) = (target, origin, message);
        for (var i = 0; i < count; i++) Open();
        target.Loop.EachTurn += OpenEnded;
    }

    /// <summary>How many have heard their answer, all together.</summary>
    public int Deaf { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _target.Loop.EachTurn -= OpenEnded;
        foreach (var client in _clients) client.Dispose();
    }

    private void Open()
    {
        var client = new ExtendedClient(_target.Loop, _target.Server, _origin);
        client.OnAnswer = isDone =>
        {
            _target.Tally.Add(isDone ? "registered" : "error");
            Deaf++;
            client.BeDeaf();
        };
        client.OnEnd = () =>
        {
            _target.Tally.Add("websocket closed");
            client.Dispose();
            _clients.Remove(client);
            _ended.Enqueue(Stopwatch.GetTimestamp());
        };
        _clients.Add(client);
        client.Say(_message);
    }

    private void OpenEnded()
    {
        while (_ended.TryPeek(out var since) && Stopwatch.GetElapsedTime(since) >= Pause)
        {
            _ended.Dequeue();
            Open();
        }
    }
}
