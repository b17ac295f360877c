using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;

namespace Teal.Listener.Http;

/// <summary>
/// What all request bodies under way may take together, from their first byte until their requests are answered. Where that is spent, a body that still comes
/// and takes more than the one that needs room has to go; where none takes more, the one that needs room has to.
/// </summary>
internal sealed partial class BodyBudget(ListenerOptions options, MemoryReturn memory, TimeProvider clock, ILogger<BodyBudget> logger)
{
    // Once so much was taken, it is worth giving it back to the operating system.
    private const long Storm = 16 * 1024 * 1024;

    private readonly RepeatedMessage _exhausted = new(logger, LogLevel.Warning, "Request bodies were refused, as others took all of Teal:Listener:BodyBudget", clock);
    private readonly Lock _lock = new();
    private readonly HashSet<RequestBody> _incoming = [];
    private long _taken;
    private long _highest;
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
            if (_highest < Storm || _taken > _highest / 4) return;

            memory.Begin(_highest);
            _highest = _taken;
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

    // One is enough, as it takes more than is needed.
    private bool TryMakeRoom(RequestBody body, long bytes)
    {
        if (_exhausted.IsNew()) Log.Exhausted(logger, options.BodyBudget);
        var greediest = _incoming.MaxBy(static other => other.Held);
        if (greediest is not null && greediest.Held > bytes)
        {
            End(greediest, BodyFault.NoRoom);
            return true;
        }

        body.Fault = BodyFault.NoRoom;
        return false;
    }

    private void Hold(RequestBody body, long bytes)
    {
        _taken += bytes - body.Held;
        body.Held = bytes;
        _highest = Math.Max(_highest, _taken);
    }

    private static partial class Log
    {
        [LoggerMessage(2032, LogLevel.Warning, "The request bodies under way take the {Size} bytes of Teal:Listener:BodyBudget; those that take most get a 503")]
        public static partial void Exhausted(ILogger logger, long size);
    }
}
