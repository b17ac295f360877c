namespace Teal.Web.Sessions;

/// <summary>
/// The messages that wait for one client, in the order in which they were added, and how much of the first one is sent. The lock of its
/// <see cref="SendQueue"/> guards it.
/// </summary>
internal struct WaitingMessages(SendBudget budget)
{
    // Most of the time there is one, and no need for a queue.
    private OutgoingMessage? _next;
    private Queue<OutgoingMessage>? _more;

    // How much of the first one went to the network.
    private int _written;

    // The bytes of those that wait, but for the one that is larger than there was room for.
    private int _size;
    private OutgoingMessage? _exempt;

    // Whether what waits is counted in the budget: from when the network first took nothing until nothing waits.
    private bool _isCounted;

    /// <summary>Whether none waits.</summary>
    public readonly bool IsEmpty => _next is null;

    /// <summary>Whether something else may be sent now: at the end of a frame there may be another one of the same message.</summary>
    public readonly bool IsBetweenFrames => _next is null || _written % _next.FrameLength == 0;

    /// <summary>How much of the budget falls to them, in bytes.</summary>
    public readonly long Share => _isCounted ? (_next?.Share ?? 0) + (_more?.Sum(static message => (long)message.Share) ?? 0) : 0;

    private readonly int Count => (_next is null ? 0 : 1) + (_more?.Count ?? 0);

    /// <summary>Whether so little waits that a replay may go on.</summary>
    /// <param name="underWay">How many bytes the network has beside them.</param>
    public readonly bool LeaveRoomBeside(int underWay) =>
        Count <= budget.QueueLength / 2 && _exempt is null && _size + underWay <= budget.ReplaySize;

    /// <summary>Adds one; false: there is no room for it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="room">For how many bytes there is room; one at a time may be larger.</param>
    public bool TryAdd(OutgoingMessage message, int room)
    {
        if (Count >= budget.QueueLength) return false;

        if (message.Length <= room - _size) _size += message.Length;
        else if (_exempt is null) _exempt = message;
        else return false;

        if (_next is null) _next = message;
        else (_more ??= new Queue<OutgoingMessage>()).Enqueue(message);
        if (_isCounted) budget.Hold(message);
        return true;
    }

    /// <summary>Takes what comes next: a frame, or what is left of one; nothing where that is more than there is room for.</summary>
    /// <param name="room">For how many bytes there is room.</param>
    /// <param name="isFirst">Whether a part of a frame is better than nothing.</param>
    public ReadOnlySpan<byte> Take(int room, bool isFirst)
    {
        if (_next is not { } message) return default;

        var rest = EndOfFrame(message) - _written;
        if (rest > room && !isFirst) return default;

        var taken = message.Frames.Slice(_written, Math.Min(rest, room));
        _written += taken.Length;
        if (_written == message.Length) RemoveNext();
        return taken;
    }

    /// <summary>From now on they are counted in the budget, until <see cref="StopCounting"/>.</summary>
    public void StartCounting()
    {
        if (_isCounted) return;

        _isCounted = true;
        if (_next is not null) budget.Hold(_next);
        if (_more is null) return;
        foreach (var message in _more) budget.Hold(message);
    }

    /// <summary>None waits, and none is counted any more.</summary>
    public void StopCounting() => _isCounted = false;

    /// <summary>Drops all of them.</summary>
    public void Clear()
    {
        while (_next is not null) RemoveNext();
    }

    private readonly int EndOfFrame(OutgoingMessage message) =>
        (int)Math.Min(message.Length, ((_written / message.FrameLength) + 1L) * message.FrameLength);

    private void RemoveNext()
    {
        var message = _next!;
        if (message == _exempt) _exempt = null;
        else _size -= message.Length;
        if (_isCounted) budget.LetGo(message);

        _written = 0;
        if (_more is null || !_more.TryDequeue(out _next)) (_next, _more) = (null, null);
    }
}
