using System.Collections.Concurrent;
using Teal.Core.Addresses;
using Teal.Core.Hosting;
using Teal.Core.Identities;

namespace Teal.Web.Sessions;

/// <summary>
/// The channels of this process and their sessions: bounds their number, and brings them to an end when the process stops.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="clock">The clock.</param>
public sealed class ChannelTable(ChannelOptions options, TimeProvider clock) : IDrainStep
{
    private readonly ConcurrentDictionary<ClientChannel, IClientSession> _channels = new();
    private readonly int _share = Math.Min(options.MaximumConnectionsPerAddress, Math.Max(1, options.MaximumConnections / 2));
    private readonly Lock _lock = new();
    private readonly Dictionary<ClientNetwork, int> _shares = [];
    private readonly Dictionary<Identity, int> _identities = [];
    private readonly TaskCompletionSource _allLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _places;
    private bool _isAnnounced;
    private bool _isDraining;

    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Connections;

    /// <summary>How many channels there are, those that shake hands included.</summary>
    public int Count => Volatile.Read(ref _places);

    /// <summary>Those that have shaken hands.</summary>
    public IEnumerable<ClientChannel> All => _channels.Select(static entry => entry.Key);

    /// <summary>Each of them with its session.</summary>
    public IEnumerable<KeyValuePair<ClientChannel, IClientSession>> Clients => _channels;

    /// <summary>Their sessions.</summary>
    public IEnumerable<IClientSession> Sessions => _channels.Select(static entry => entry.Value);

    /// <summary>The identities of the clients, each once, however many connections it has.</summary>
    public IReadOnlyList<Identity> Identities
    {
        get
        {
            lock (_lock) return [.. _identities.Keys];
        }
    }

    /// <summary>Takes a place for a client that shakes hands, if there is one.</summary>
    /// <param name="network">Whose share it counts to; null: nobody's, as others than one client come from there.</param>
    public PlaceResult TryTakePlace(ClientNetwork? network)
    {
        lock (_lock)
        {
            if (_isDraining) return PlaceResult.Stopping;
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
            TellWhetherAllLeft();
            if (network is not { } client) return;

            var share = _shares[client] - 1;
            if (share > 0) _shares[client] = share;
            else _shares.Remove(client);
        }
    }

    /// <summary>Runs a channel that has a place to its end, and its session with it.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="session">The session.</param>
    /// <param name="identity">Who the client is; null: not known yet.</param>
    public async Task RunAsync(ClientChannel channel, IClientSession session, Identity? identity)
    {
        TryIdentify(channel, null, identity);
        try
        {
            Add(channel, session);
            await channel.RunAsync(session);
        }
        finally
        {
            _channels.TryRemove(channel, out _);
            Forget(channel);
            session.End();
        }
    }

    /// <summary>
    /// Notes that a channel's client is another than it was. False: it is not the former, as it went, or somebody else has noted another.
    /// </summary>
    public bool TryIdentify(IClientChannel channel, Identity? former, Identity? identity)
    {
        var client = (ClientChannel)channel;
        lock (_lock)
        {
            if (client.Identity != former) return false;

            Forget(client);
            client.Identity = identity;
            if (identity is not null) _identities[identity] = _identities.GetValueOrDefault(identity) + 1;
            return true;
        }
    }

    /// <summary>Tells every client that the server is about to stop.</summary>
    public void Announce()
    {
        IClientSession[] sessions;
        lock (_lock)
        {
            _isAnnounced = true;
            sessions = [.. Sessions];
        }

        foreach (var session in sessions) session.Drain();
    }

    /// <summary>Lets each channel send what its queue holds, closes it with 1001, and waits until all are gone.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<ClientChannel, IClientSession>[] clients;
        lock (_lock)
        {
            _isDraining = true;
            TellWhetherAllLeft();
            clients = [.. _channels];
        }

        foreach (var (channel, session) in clients) _ = CloseAsync(channel, session);
        try
        {
            // Those that still shake hands as well.
            await _allLeft.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            foreach (var channel in _channels.Keys) channel.Abort();
        }
    }

    // One that slipped in while the others were told to go is told as they were.
    private void Add(ClientChannel channel, IClientSession session)
    {
        bool isAnnounced, isDraining;
        lock (_lock)
        {
            _channels.TryAdd(channel, session);
            (isAnnounced, isDraining) = (_isAnnounced, _isDraining);
        }

        if (isAnnounced) session.Drain();
        if (isDraining) _ = CloseAsync(channel, session);
    }

    // The lock is held.
    private void TellWhetherAllLeft()
    {
        if (_isDraining && _places == 0) _allLeft.TrySetResult();
    }

    private void Forget(ClientChannel channel)
    {
        lock (_lock)
        {
            if (channel.Identity is not { } identity) return;

            var count = _identities[identity] - 1;
            if (count > 0) _identities[identity] = count;
            else _identities.Remove(identity);
            channel.Identity = null;
        }
    }

    private async Task CloseAsync(ClientChannel channel, IClientSession session)
    {
        // Clients that cannot go on later get all that was accepted for them before, if they take it in time.
        await session.WhenDrainedAsync().WaitAsync(options.CloseTimeout, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await channel.CloseAsync(CloseReason.GoingAway);
    }
}
