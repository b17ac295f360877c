using System.Text;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Client;

/// <summary>Clients that are registered, each for a topic of its own, and wait; they answer pings.</summary>
internal sealed class IdleLoad(EventLoop loop, LoadServer server) : IDisposable
{
    // Some at a time, as they come in life, so that handshakes do not pile up in memory.
    private const int AtATime = 50;

    private readonly List<WebSocketClient> _clients = [];

    /// <summary>Connects more of them, and completes when the server has registered them.</summary>
    public void Connect(int count)
    {
        for (var done = 0; done < count; done += AtATime)
        {
            var some = Enumerable.Range(0, Math.Min(AtATime, count - done)).Select(_ => Open()).ToArray();
            loop.RunUntil(() => Array.TrueForAll(some, static client => client.Client.IsOpen), "handshakes");
            foreach (var (client, topic) in some)
            {
                foreach (var message in server.Registration(topic, isFirst: true)) client.SendText(message);
                client.SendPing();
            }

            loop.RunUntil(() => Array.TrueForAll(some, static client => client.Client.Pongs > 0), "registrations");
            _clients.AddRange(some.Select(static client => client.Client));
        }
    }

    /// <summary>Waits as the clients do.</summary>
    public void Wait(TimeSpan time)
    {
        loop.Sleeps = true;
        loop.RunFor(time);
        loop.Sleeps = false;
        if (_clients.Exists(static client => client.IsClosed))
            throw new InvalidOperationException($"{server.Name} closed connections that were idle.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
    }

    private (WebSocketClient Client, string Topic) Open()
    {
        var topic = $"{Guid.NewGuid():N}";
        return (new WebSocketClient(loop, server.WebSocketPort, Encoding.ASCII.GetBytes(server.Handshake(topic)), static _ => { }), topic);
    }
}
