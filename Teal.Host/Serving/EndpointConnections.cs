using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Hosting;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>
/// The connections of one address of the process. There are places for so many, and each client has a share of those for HTTP.
/// Where there is none for a new connection, one without a request under way is dropped for it: of the client that has most,
/// and no less than who comes, the one that was idle longest. So who holds connections without using them keeps nobody out,
/// however many come at once. Requests under way and websockets are never dropped.
/// </summary>
internal sealed partial class EndpointConnections
{
    // How many are looked at for one that can be dropped; enough to find one wherever many are idle.
    private const int Sample = 128;

    // So long the web server has for what it still has to send, and a new connection for its first bytes, which come along
    // with it; where nobody has fewer connections.
    private static readonly TimeSpan LeastIdle = TimeSpan.FromMilliseconds(100), LeastSilent = TimeSpan.FromMilliseconds(25);

    // How many that were dropped may still be about to end; more would be open files that nothing counts.
    private const int MaximumEnding = 64;

    private const string HttpSetting = "Teal:Http:MaximumConnections";

    private readonly ConnectionBudget _budget;
    private readonly int _places;
    private readonly int _httpPlaces;
    private readonly int _share;
    private readonly TealOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RepeatedMessage _dropped;
    private readonly RepeatedMessage _refused;
    private readonly Lock _lock = new();
    private readonly List<EndpointConnection> _http = [];
    private readonly Dictionary<ClientNetwork, List<EndpointConnection>> _byClient = [];
    private int _websockets;
    private int _ending;
    private int _next;

    /// <param name="endpoint">The address.</param>
    /// <param name="budget">How many connections there may be, websockets among them.</param>
    /// <param name="heads">What unfinished requests may take.</param>
    /// <param name="options">The settings.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The log.</param>
    public EndpointConnections(
        ModuleEndpoint endpoint, ConnectionBudget budget, HeadBudget heads, TealOptions options, TimeProvider clock,
        ILogger<EndpointConnections> logger)
    {
        _budget = budget;
        Heads = heads;
        _places = budget.PlacesOf(endpoint);
        _httpPlaces = Math.Min(_places, options.Http.MaximumConnections);
        _share = Math.Min(options.Http.MaximumConnectionsPerAddress, Math.Max(1, _httpPlaces / 2));
        (_options, _clock, _logger) = (options, clock, logger);
        _dropped = new RepeatedMessage(logger, LogLevel.Warning, "Idle connections were dropped for new ones", clock);
        _refused = new RepeatedMessage(logger, LogLevel.Warning, "New connections were closed at once", clock);
    }

    /// <summary>What unfinished requests may take.</summary>
    public HeadBudget Heads { get; }

    /// <summary>The longest request line and headers, in bytes.</summary>
    public int LongestHead => _options.Http.LongestHead;

    /// <summary>Takes a place for a connection that has just come; null: there is none, and none can be made.</summary>
    public EndpointConnection? TryEnter(ConnectionContext network, FairTransport transport)
    {
        var address = (network.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.Loopback;
        ClientNetwork? client = _options.StandsForMany(address) ? null : ClientNetwork.Of(address);
        EndpointConnection? entered = null, dropped = null;
        ConnectionBound? bound;
        var isCrowded = false;
        lock (_lock)
        {
            var own = client is { } one ? _byClient.GetValueOrDefault(one) : null;
            bound = FindBound(own);
            if (bound is not null && TryDrop(bound == ConnectionBound.PerAddress ? own! : _http, own?.Count ?? 0, out dropped))
            {
                Remove(dropped!);
                isCrowded = _ending++ >= MaximumEnding;
            }

            // A place was free, or the dropped one's is now.
            if (bound is null || dropped is not null)
                Add(entered = new EndpointConnection(this, network, transport, client, _clock.GetTimestamp()));
        }

        if (isCrowded) dropped!.Abort();
        else dropped?.Close();
        if (bound is { } reached) Report(reached, isDropped: dropped is not null, address);
        return entered;
    }

    /// <summary>Gives a connection's place back, unless it has none any more.</summary>
    public void Leave(EndpointConnection connection)
    {
        lock (_lock)
        {
            if (connection.IsWebSocket) _websockets--;
            else if (connection.Index >= 0) Remove(connection);
            else
            {
                // It was dropped, and another one has its place.
                _ending--;
                return;
            }
        }

        _budget.Leave();
    }

    /// <summary>From now on the connection is a client's channel: a websocket, or an event stream of HTTP/1.1.</summary>
    public void Upgrade(EndpointConnection connection)
    {
        lock (_lock)
        {
            if (connection.IsWebSocket || connection.Index < 0) return;

            Remove(connection);
            connection.IsWebSocket = true;
            _websockets++;
        }
    }

    /// <summary>The web server refuses a request of a connection, which ends behind the answer. Returns the request's id.</summary>
    public string Refuse(string connectionId, int status)
    {
        // As it numbers those that it takes, from 1 on.
        var id = $"{connectionId}:00000000";
        Log.NoRequest(_logger, status, id);
        return id;
    }

    /// <summary>The clock's time.</summary>
    public long Now => _clock.GetTimestamp();

    /// <summary>Whether a connection had its time for a first request.</summary>
    public bool IsOverdue(long since) => _clock.GetElapsedTime(since) >= _options.Http.HeaderTimeout;

    // Null: there is a place, and it is taken.
    private ConnectionBound? FindBound(List<EndpointConnection>? own)
    {
        if (own?.Count >= _share) return ConnectionBound.PerAddress;
        if (_httpPlaces < _places && _http.Count >= _httpPlaces) return ConnectionBound.Http;

        return _http.Count + _websockets < _places && _budget.TryTake() ? null : ConnectionBound.OpenFiles;
    }

    private bool TryDrop(List<EndpointConnection> among, int ownCount, out EndpointConnection? dropped)
    {
        // One whose request begins at this moment is looked for again without it.
        while ((dropped = FindIdle(among, ownCount)) is not null)
        {
            if (dropped.TryDrop()) return true;
        }

        return false;
    }

    private EndpointConnection? FindIdle(List<EndpointConnection> among, int ownCount)
    {
        EndpointConnection? best = null;
        var (bestCount, now) = (0, _clock.GetTimestamp());
        for (var looked = Math.Min(among.Count, Sample); looked > 0; looked--)
        {
            _next = (_next + 1) % among.Count;
            var connection = among[_next];
            if (!connection.IsIdle) continue;

            // Those of an address that stands for many are the last. Nobody has to go for a client that has more; one that has
            // still to say something only for a client that has fewer.
            var count = connection.Client is { } client ? _byClient[client].Count : 0;
            var least = connection.HasReceived ? LeastIdle : LeastSilent;
            if (count < ownCount || (count <= ownCount + 1 && _clock.GetElapsedTime(connection.IdleSince, now) < least)) continue;

            var isBetter = best is null || count > bestCount || (count == bestCount && connection.IdleSince < best.IdleSince);
            if (isBetter && !connection.IsAboutToSpeak) (best, bestCount) = (connection, count);
        }

        return best;
    }

    private void Add(EndpointConnection connection)
    {
        connection.Index = _http.Count;
        _http.Add(connection);
        if (connection.Client is not { } client) return;

        if (!_byClient.TryGetValue(client, out var own)) _byClient.Add(client, own = new List<EndpointConnection>(1));
        connection.IndexOfClient = own.Count;
        own.Add(connection);
    }

    private void Remove(EndpointConnection connection)
    {
        // The last one moves to its place.
        var last = _http[^1];
        _http[last.Index = connection.Index] = last;
        _http.RemoveAt(_http.Count - 1);
        connection.Index = -1;
        if (connection.Client is not { } client) return;

        var own = _byClient[client];
        last = own[^1];
        own[last.IndexOfClient = connection.IndexOfClient] = last;
        own.RemoveAt(own.Count - 1);
        if (own.Count == 0) _byClient.Remove(client);
    }

    private void Report(ConnectionBound bound, bool isDropped, IPAddress address)
    {
        if (!(isDropped ? _dropped : _refused).IsNew(bound.ToString())) return;

        var (limit, setting) = bound switch
        {
            ConnectionBound.PerAddress => (_share, "Teal:Http:MaximumConnectionsPerAddress"),
            ConnectionBound.Http => (_httpPlaces, HttpSetting),

            // All places of a listener's address are for HTTP.
            _ when _places == _options.Http.MaximumConnections => (_places, HttpSetting),
            _ => (_places, "the limit of open files (LimitNOFILE, ulimit -n)"),
        };
        if (isDropped) Log.Dropped(_logger, limit, setting, address);
        else Log.Refused(_logger, limit, setting, address);
    }

    private static partial class Log
    {
        [LoggerMessage(
            5031, LogLevel.Warning,
            "All {Limit} connections that {Setting} allows are taken, none of them is idle, and one from {Address} was closed at once")]
        public static partial void Refused(ILogger logger, int limit, string setting, IPAddress address);

        [LoggerMessage(
            5032, LogLevel.Warning,
            "All {Limit} connections that {Setting} allows are taken, and an idle one was dropped for one from {Address}")]
        public static partial void Dropped(ILogger logger, int limit, string setting, IPAddress address);

        [LoggerMessage(
            5034, LogLevel.Debug, "What is no valid request, or too long for one, was refused with {Status} (request {RequestId})")]
        public static partial void NoRequest(ILogger logger, int status, string requestId);
    }
}
