using System.Buffers;
using Teal.Dispatcher.Connections;
using Teal.Dispatcher.Protocols;

namespace Teal.Dispatcher.Registrations;

/// <summary>
/// The connections that registered for one topic. Most topics have one, which then is all that is kept. Every member but
/// <see cref="Deliver"/> is called under the lock of this object.
/// </summary>
internal sealed class TopicRegistrations
{
    private ClientConnection? _only;
    private HashSet<ClientConnection>? _many;

    /// <summary>The topic's binding on the bus, made or under way; null: there is none.</summary>
    public Task? Bound { get; set; }

    /// <summary>The end of an earlier binding, which a new one has to wait for; null: nothing to wait for.</summary>
    public Task? Unbinding { get; set; }

    /// <summary>Whether the table has forgotten this object, so that a new one must be asked for.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Changes with each registration, so that a later look can tell whether there was one in between.</summary>
    public int Version { get; private set; }

    /// <summary>Whether nobody is registered.</summary>
    public bool IsEmpty => _only is null && _many is null;

    /// <summary>Whether the connection is registered.</summary>
    public bool Contains(ClientConnection connection) => _only == connection || (_many?.Contains(connection) ?? false);

    /// <summary>False when it was registered already.</summary>
    public bool Add(ClientConnection connection)
    {
        Version++;
        if (_many is not null) return _many.Add(connection);
        if (_only == connection) return false;
        if (_only is null)
        {
            _only = connection;
            return true;
        }

        _many = [_only, connection];
        _only = null;
        return true;
    }

    /// <summary>False when it was not registered.</summary>
    public bool Remove(ClientConnection connection)
    {
        if (_many is null)
        {
            if (_only != connection) return false;
            _only = null;
            return true;
        }

        if (!_many.Remove(connection)) return false;
        if (_many.Count == 0) _many = null;
        return true;
    }

    /// <summary>Puts the event into each connection's queue.</summary>
    public void Deliver(EventFrames frames)
    {
        ClientConnection? only;
        ClientConnection[]? many = null;
        var count = 0;
        lock (this)
        {
            only = _only;
            if (_many is not null)
            {
                // A copy, so that nobody who comes or goes waits for a long fan-out.
                count = _many.Count;
                many = ArrayPool<ClientConnection>.Shared.Rent(count);
                _many.CopyTo(many);
            }
        }

        only?.Deliver(frames);
        if (many is null) return;

        foreach (var connection in many.AsSpan(0, count)) connection.Deliver(frames);
        ArrayPool<ClientConnection>.Shared.Return(many, clearArray: true);
    }
}
