using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Hosting;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>
/// The memory that request lines and headers may take together while they have no end yet, at all addresses of the process.
/// Where it is spent, a connection of the client that holds most of it is closed, which may be the one that has just sent
/// something. Each call costs the same, however many there are.
/// </summary>
internal sealed partial class HeadBudget(TealOptions options, TimeProvider clock, ILogger<HeadBudget> logger)
{
    // How many are looked at for the one to be closed.
    private const int Sample = 128;

    private readonly RepeatedMessage _closed = new(logger, LogLevel.Warning, "Connections with unfinished requests were closed", clock);
    private readonly Lock _lock = new();
    private readonly List<EndpointConnection> _holders = [];
    private readonly Dictionary<ClientNetwork, long> _byClient = [];
    private long _held;
    private int _next;

    /// <summary>When long ones are read on.</summary>
    public HeadTurns Turns { get; } = new(clock);

    /// <summary>What is held now, in bytes.</summary>
    public long Held
    {
        get
        {
            lock (_lock) return _held;
        }
    }

    /// <summary>Says how much a connection's unfinished request takes, in bytes; 0: it has none any more.</summary>
    public void Set(EndpointConnection connection, int size)
    {
        EndpointConnection? greediest = null;
        lock (_lock)
        {
            if (connection.HeadIndex == EndpointConnection.WasClosed) return;

            Change(connection, size);
            if (_held <= options.Http.HeadBudget) return;

            greediest = FindGreediest(connection);
            Change(greediest, 0);
            greediest.HeadIndex = EndpointConnection.WasClosed;
        }

        greediest.Abort();
        if (_closed.IsNew("")) Log.Closed(logger, options.Http.HeadBudget, greediest.Client?.ToString() ?? "this machine or a proxy");
    }

    private void Change(EndpointConnection connection, int size)
    {
        var more = size - connection.HeadSize;
        connection.HeadSize = size;
        _held += more;
        if (connection.Client is { } client)
        {
            var held = _byClient.GetValueOrDefault(client) + more;
            if (held > 0) _byClient[client] = held;
            else _byClient.Remove(client);
        }

        if (size > 0 && connection.HeadIndex < 0)
        {
            connection.HeadIndex = _holders.Count;
            _holders.Add(connection);
        }
        else if (size == 0 && connection.HeadIndex >= 0)
        {
            // The last one moves to its place.
            var last = _holders[^1];
            _holders[last.HeadIndex = connection.HeadIndex] = last;
            _holders.RemoveAt(_holders.Count - 1);
            connection.HeadIndex = -1;
        }
    }

    private EndpointConnection FindGreediest(EndpointConnection latest)
    {
        var (best, bestHeld) = (latest, HeldByClientOf(latest));
        for (var looked = Math.Min(_holders.Count, Sample); looked > 0; looked--)
        {
            _next = (_next + 1) % _holders.Count;
            var connection = _holders[_next];
            var held = HeldByClientOf(connection);
            if (held > bestHeld || (held == bestHeld && connection.IdleSince < best.IdleSince)) (best, bestHeld) = (connection, held);
        }

        return best;
    }

    private long HeldByClientOf(EndpointConnection connection) => connection.Client is { } client ? _byClient[client] : connection.HeadSize;

    private static partial class Log
    {
        [LoggerMessage(
            5033, LogLevel.Warning,
            "Unfinished requests take more than {Limit} bytes (Teal:Http:HeadBudget), " +
            "and a connection of {Client}, which holds most of them, was closed")]
        public static partial void Closed(ILogger logger, long limit, string client);
    }
}
