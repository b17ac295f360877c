using System.Collections.Concurrent;
using Teal.Core.Addresses;
using Teal.Core.Hosting;
using Teal.Dispatcher.Protocols;

namespace Teal.Dispatcher.Connections;

/// <summary>The connections of this process: bounds their number, and brings them to an end when the process stops.</summary>
internal sealed class ConnectionTable(DispatcherOptions options, TimeProvider clock) : IDrainStep
{
    private readonly ConcurrentDictionary<ClientConnection, bool> _connections = new();
    private readonly int _share = Math.Min(options.MaximumConnectionsPerAddress, Math.Max(1, options.MaximumConnections / 2));
    private readonly Lock _lock = new();
    private readonly Dictionary<ClientNetwork, int> _shares = [];
    private int _places;
    private volatile bool _isDraining;

    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Connections;

    /// <summary>How many connections there are, those that shake hands included.</summary>
    public int Count => Volatile.Read(ref _places);

    /// <summary>Those that have shaken hands.</summary>
    public IEnumerable<ClientConnection> All => _connections.Select(static entry => entry.Key);

    /// <summary>Takes a place for a connection that shakes hands, if there is one.</summary>
    /// <param name="network">Whose share it counts to; null: nobody's, as others than one client come from there.</param>
    public PlaceResult TryTakePlace(ClientNetwork? network)
    {
        if (_isDraining) return PlaceResult.Stopping;

        lock (_lock)
        {
            if (_places >= options.MaximumConnections) return PlaceResult.AllTaken;

            if (network is { } client)
            {
                var share = _shares.GetValueOrDefault(client);
                if (share >= _share) return PlaceResult.ShareTaken;

                _shares[client] = share + 1;
            }

            _places++;
            return PlaceResult.Taken;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void LeavePlace(ClientNetwork? network)
    {
        lock (_lock)
        {
            _places--;
            if (network is not { } client) return;

            var share = _shares[client] - 1;
            if (share > 0) _shares[client] = share;
            else _shares.Remove(client);
        }
    }

    /// <summary>Runs a connection that has a place to its end.</summary>
    public async Task RunAsync(ClientConnection connection)
    {
        _connections.TryAdd(connection, true);
        try
        {
            // One that slipped in while the others were told to go.
            if (_isDraining) _ = connection.CloseAsync(CloseReason.GoingAway);
            await connection.RunAsync();
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    /// <summary>Tells every client that the server is about to stop.</summary>
    public void Announce()
    {
        foreach (var connection in _connections.Keys) connection.Tell(new ConnectionNotice.Draining());
    }

    /// <summary>Lets each connection send what its queue holds, and closes it with 1001.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        var closing = _connections.Keys.Select(CloseAsync).ToArray();
        try
        {
            await Task.WhenAll(closing).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            foreach (var connection in _connections.Keys) connection.Abort();
        }
    }

    private async Task CloseAsync(ClientConnection connection)
    {
        // Clients that cannot go on from a cursor later get all that was accepted for them before, if they take it in time.
        if (connection.Protocol.Subprotocol is null)
            await connection.Replays.WhenIdleAsync().WaitAsync(options.CloseTimeout, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.CloseAsync(CloseReason.GoingAway);
    }
}
