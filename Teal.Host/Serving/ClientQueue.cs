using System.Diagnostics.CodeAnalysis;
using Teal.Core.Addresses;

namespace Teal.Host.Serving;

/// <summary>
/// What clients wait for. It comes from one client after the other, however much each of them has here. Not for several threads at once.
/// </summary>
/// <typeparam name="T">What waits.</typeparam>
internal sealed class ClientQueue<T>
{
    private readonly Dictionary<ClientNetwork, Queue<T>> _waiting = [];
    private readonly Queue<ClientNetwork> _clients = new();

    /// <summary>How much waits.</summary>
    public int Count { get; private set; }

    /// <summary>Adds something.</summary>
    /// <param name="client">Whose it is; null: somebody's who cannot be told apart from others.</param>
    /// <param name="item">What waits.</param>
    public void Enqueue(ClientNetwork? client, T item)
    {
        var network = client ?? default;
        if (!_waiting.TryGetValue(network, out var own))
        {
            _waiting.Add(network, own = new Queue<T>());
            _clients.Enqueue(network);
        }

        own.Enqueue(item);
        Count++;
    }

    /// <summary>Takes what has waited longest, of the client whose turn it is; false: nothing waits.</summary>
    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        if (!_clients.TryDequeue(out var client))
        {
            item = default;
            return false;
        }

        var own = _waiting[client];
        item = own.Dequeue();
        Count--;
        if (own.Count > 0) _clients.Enqueue(client);
        else _waiting.Remove(client);
        return true;
    }
}
