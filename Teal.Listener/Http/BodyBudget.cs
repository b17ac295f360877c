using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Hosting;

namespace Teal.Listener.Http;

/// <summary>
/// What all request bodies under way may take together, from their first byte until their requests are answered. Where that is
/// spent, a body that still comes has to go, of the client whose bodies take most; where no client takes more than the one
/// that needs room, its own body has to. Where clients cannot be told apart, that body goes that has taken most for longest:
/// one that comes without a pause is over soon, however long it is.
/// </summary>
internal sealed partial class BodyBudget(ListenerOptions options, TimeProvider clock, ILogger<BodyBudget> logger)
{
    private readonly RepeatedMessage _exhausted =
        new(logger, LogLevel.Warning, "Request bodies were refused, as others took all of Teal:Listener:BodyBudget", clock);
    private readonly Lock _lock = new();
    private readonly HashSet<RequestBody> _incoming = [];
    private readonly Dictionary<ClientNetwork, long> _byClient = [];
    private long _taken;
    private bool _isClosed;

    /// <summary>How many bytes are taken.</summary>
    public long Taken
    {
        get
        {
            lock (_lock) return _taken;
        }
    }

    /// <summary>Lets a body come; from now on it may be ended. False: the process stops.</summary>
    public bool TryBegin(RequestBody body)
    {
        lock (_lock)
        {
            if (_isClosed) body.Fault = BodyFault.Stopping;
            else _incoming.Add(body);
            body.Since = clock.GetTimestamp();
            return !_isClosed;
        }
    }

    /// <summary>Has a body take so many bytes from now on. False: it is ended, or there is no room.</summary>
    public bool TryHold(RequestBody body, long bytes)
    {
        lock (_lock)
        {
            if (body.Fault is not null) return false;
            if (_taken - body.Held + bytes > options.BodyBudget && !TryMakeRoom(body, bytes)) return false;

            Hold(body, bytes);
            return true;
        }
    }

    /// <summary>Says that a body has come whole, and will not be ended any more. False: it was ended before.</summary>
    public bool TryFinish(RequestBody body)
    {
        lock (_lock) return _incoming.Remove(body);
    }

    /// <summary>Ends a body that still comes.</summary>
    public void End(RequestBody body, BodyFault fault)
    {
        lock (_lock)
        {
            if (!_incoming.Remove(body)) return;

            // At once, as whoever makes it go needs its room; its memory follows as soon as its reader has seen it.
            Hold(body, 0);
            body.Fault = fault;
            body.StopWaiting();
        }
    }

    /// <summary>Gives back what a body took.</summary>
    public void Release(RequestBody body)
    {
        lock (_lock)
        {
            _incoming.Remove(body);
            Hold(body, 0);
        }
    }

    /// <summary>Ends all bodies that still come, and lets no other begin.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var body in _incoming.ToArray()) End(body, BodyFault.Stopping);
        }
    }

    // Ends bodies that still come until there is room for this one. False: it has to go itself.
    private bool TryMakeRoom(RequestBody body, long bytes)
    {
        if (_exhausted.IsNew()) Log.Exhausted(logger, options.BodyBudget);
        while (_taken - body.Held + bytes > options.BodyBudget)
        {
            if (FindGreedier(body, bytes) is { } greedier)
            {
                End(greedier, BodyFault.NoRoom);
                continue;
            }

            body.Fault = BodyFault.NoRoom;
            return false;
        }

        return true;
    }

    // Of the client whose bodies take most, the one that takes most. A body that has come whole takes twice its size while it
    // is made one, and is done with soon.
    private RequestBody? FindGreedier(RequestBody body, long bytes)
    {
        var size = body.IsComplete ? body.Held : bytes;
        var most = size + (body.Client is { } client ? _byClient.GetValueOrDefault(client) - body.Held : 0);
        var now = clock.GetTimestamp();
        var mostCost = Cost(body, size, now);
        RequestBody? greediest = null, costliest = null;
        foreach (var other in _incoming)
        {
            if (other == body || (other.Client is { } one && one == body.Client && other.Held <= size)) continue;

            if (other.Client is null && body.Client is null)
            {
                var cost = Cost(other, other.Held, now);
                if (cost > mostCost) (costliest, mostCost) = (other, cost);
                continue;
            }

            var ofClient = other.Client is { } network ? _byClient.GetValueOrDefault(network) : other.Held;
            if (ofClient > most || (ofClient == most && other.Held > (greediest?.Held ?? size))) (greediest, most) = (other, ofClient);
        }

        return greediest ?? costliest;
    }

    // In bytes and milliseconds.
    private double Cost(RequestBody body, long size, long now) => size * (1 + clock.GetElapsedTime(body.Since, now).TotalMilliseconds);

    private void Hold(RequestBody body, long bytes)
    {
        _taken += bytes - body.Held;
        if (body.Client is { } client)
        {
            var ofClient = _byClient.GetValueOrDefault(client) + bytes - body.Held;
            if (ofClient == 0) _byClient.Remove(client);
            else _byClient[client] = ofClient;
        }

        body.Held = bytes;
    }

    private static partial class Log
    {
        [LoggerMessage(
            2032, LogLevel.Warning,
            "The request bodies under way take the {Size} bytes of Teal:Listener:BodyBudget; those that take most get a 503")]
        public static partial void Exhausted(ILogger logger, long size);
    }
}
