using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>Clients that say something, and again as soon as it is answered.</summary>
internal sealed class BusyClients : IDisposable
{
    private readonly List<ExtendedClient> _clients = [];

    /// <summary>Connects them.</summary>
    /// <param name="target">The server.</param>
    /// <param name="count">How many.</param>
    /// <param name="message">What a client says next, and which one it is.</param>
    public BusyClients(FloodTarget target, int count, Func<ExtendedClient, int, string> message)
    {
        for (var i = 0; i < count; i++)
        {
            var index = i;
            var client = new ExtendedClient(target.Loop, target.Server, Origin.OneOfMany(index));
            client.OnAnswer = isDone =>
            {
                target.Tally.Add(isDone ? "done" : "error");
                client.Say(message(client, index));
            };
            client.OnEnd = () => target.Tally.Add("websocket closed");
            _clients.Add(client);
            client.Say(message(client, index));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
    }
}
