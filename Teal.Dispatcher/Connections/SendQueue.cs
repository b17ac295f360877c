using System.Buffers;
using System.IO.Pipelines;
using Teal.Core.Hosting;

namespace Teal.Dispatcher.Connections;

/// <summary>
/// The messages that wait for a client, bounded in number and in bytes, in the order in which they were added. Adding is one thing and sending another: whatever was
/// added before <see cref="Flush"/> goes to the network in one piece, up to a portion; the next portion goes when the network has taken that. So
/// <paramref name="output"/> must complete a flush no sooner. An idle queue holds no buffer and no task.
/// </summary>
internal sealed class SendQueue(PipeWriter output, SendBudget budget)
{
    private readonly Lock _lock = new();

    // Most of the time there is one, and no need for a queue.
    private OutgoingMessage? _next;
    private Queue<OutgoingMessage>? _more;

    // How much of the first one went to the network.
    private int _written;

    // The bytes of those that wait, but for the one that is larger than there was room for.
    private int _size;
    private OutgoingMessage? _exempt;

    // Frames of the websocket itself, which go before messages, but never within a frame.
    private byte[]? _control;
    private bool _isPingDue;

    // What the network was given and has not taken; since when it takes nothing.
    private int _underWay;
    private long _stalledSince;
    private bool _isStalled;

    // Whether what waits is counted in the budget: from when the network first took nothing until nothing waits.
    private bool _isCounted;

    private TaskCompletionSource? _idle;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _controlRoom;
    private int _isDue;
    private bool _isSending;
    private bool _isClosed;
    private bool _isBroken;

    /// <summary>Whether so little waits that a replay may go on, or nothing is sent any more.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock) return IsRoomy;
        }
    }

    /// <summary>How much of the budget falls to this queue, in bytes.</summary>
    public long Share
    {
        get
        {
            lock (_lock) return _isCounted ? (_next?.Share ?? 0) + (_more?.Sum(static message => (long)message.Share) ?? 0) : 0;
        }
    }

    private int Count => (_next is null ? 0 : 1) + (_more?.Count ?? 0);

    private bool IsRoomy => _isBroken || (Count <= budget.QueueLength / 2 && _exempt is null && _size + _underWay <= budget.ReplaySize);

    private bool IsEmpty => _next is null && _control is null && !_isPingDue;

    // At the end of a frame there may be another one of the same message.
    private bool IsBetweenFrames => _written % WebSocketFrame.MaximumLength == 0;

    /// <summary>False when there is no room, and the message was not added. After <see cref="CloseAsync"/> messages are dropped.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isKept">Whether it can be read again later, and has no need of the room that others may want.</param>
    public bool TryAdd(OutgoingMessage message, bool isKept = false)
    {
        lock (_lock)
        {
            if (_isClosed) return true;
            if (Count >= budget.QueueLength) return false;

            if (_size + _underWay + message.Length <= (isKept ? budget.KeptSize : budget.QueueSize)) _size += message.Length;
            else if (_exempt is null) _exempt = message;
            else return false;

            if (_next is null) _next = message;
            else (_more ??= new Queue<OutgoingMessage>()).Enqueue(message);
            if (_isCounted) budget.Hold(message);
            return true;
        }
    }

    /// <summary>
    /// Sends what waits, on this thread and without waiting for the network. What is under way, or does not go into the network's buffer, takes the rest along
    /// when it can.
    /// </summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_isSending || IsEmpty) return;
            _isSending = true;
        }

        _ = SendAsync();
    }

    /// <summary>True for the first who asks until <see cref="ClearDue"/>: the queue is to be flushed by whom that is promised to.</summary>
    public bool TryMarkDue() => Volatile.Read(ref _isDue) == 0 && Interlocked.Exchange(ref _isDue, 1) == 0;

    /// <summary>It is about to be flushed; what is added from now on is to be promised anew.</summary>
    public void ClearDue() => Interlocked.Exchange(ref _isDue, 0);

    /// <summary>Sends a ping, before any message.</summary>
    public void Ping()
    {
        lock (_lock) _isPingDue |= !_isClosed;
        Flush();
    }

    /// <summary>
    /// Sends a frame of the websocket itself, a pong or a close frame, before any message, also after <see cref="CloseAsync"/>. Waits while another one waits, so that a
    /// client which only asks and never reads is not read any more. Nothing follows a close frame.
    /// </summary>
    /// <param name="frame">The whole frame; copied.</param>
    /// <exception cref="IOException">The connection is broken.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        while (TryAddControl(frame) is { } room) await room;
        Flush();
    }

    /// <summary>Completes when a replay may go on, or nothing is sent any more.</summary>
    public Task WaitForRoomAsync()
    {
        Flush();
        lock (_lock) return IsRoomy ? Task.CompletedTask : Wait(ref _room);
    }

    /// <summary>Takes no more messages; completes when those it has are sent, or were dropped.</summary>
    /// <param name="sendWaiting">Whether the messages that wait are sent first; what is under way always is.</param>
    public Task CloseAsync(bool sendWaiting)
    {
        lock (_lock)
        {
            _isClosed = true;
            if (!sendWaiting) DropWaiting();
        }

        Flush();
        lock (_lock) return _isSending ? Wait(ref _idle) : Task.CompletedTask;
    }

    /// <summary>Whether the client has taken nothing for so long, although something waits for it.</summary>
    public bool IsStalledFor(TimeSpan duration)
    {
        // Most are not, and all are asked each second.
        if (!Volatile.Read(ref _isStalled)) return false;

        lock (_lock) return _isStalled && budget.Clock.GetElapsedTime(_stalledSince) >= duration;
    }

    private static Task Wait(ref TaskCompletionSource? until)
    {
        until ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return until.Task;
    }

    private static void Tell(ref TaskCompletionSource? waiting)
    {
        waiting?.SetResult();
        waiting = null;
    }

    // Null: it was added. Otherwise when to try again.
    private Task? TryAddControl(ReadOnlyMemory<byte> frame)
    {
        lock (_lock)
        {
            if (WebSocketFrame.IsClose(frame.Span))
            {
                _isClosed = true;
                _isPingDue = false;
                DropWaiting();
            }

            if (_isBroken) throw new IOException("The connection is broken.");
            if (_control is not null) return Wait(ref _controlRoom);

            _control = frame.ToArray();
            return null;
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                Write();
                var flushing = output.FlushAsync();
                if (!flushing.IsCompleted) Stall();
                var result = await flushing;
                if (result.IsCompleted || result.IsCanceled) break;
                // The writer's thread has nobody to give way to.
                if (Thread.CurrentThread.IsThreadPoolThread) ProcessorTurn.GiveWay();
                if (TryRest()) return;

                // Whoever brought the first frames has other connections to serve; what others add is not sent on its time.
                await Task.Yield();
            }
        }
        catch (Exception)
        {
            // The connection is broken, as where the loop ends. Whoever reads from it learns that too, and ends it.
        }

        Abandon();
    }

    // A portion of what waits, into the network's buffer: whole frames, unless even one is too much.
    private void Write()
    {
        lock (_lock)
        {
            var room = budget.Portion;
            while (room > 0)
            {
                var next = IsBetweenFrames ? TakeControl() : default;
                if (next.IsEmpty) next = TakeMessage(room, isFirst: _underWay == 0);
                if (next.IsEmpty) break;

                output.Write(next);
                _underWay += next.Length;
                room -= next.Length;
            }

            TellRoom();
        }
    }

    private ReadOnlySpan<byte> TakeControl()
    {
        if (_isPingDue)
        {
            _isPingDue = false;
            return WebSocketFrame.Ping;
        }

        var control = _control;
        _control = null;
        Tell(ref _controlRoom);
        return control;
    }

    private ReadOnlySpan<byte> TakeMessage(int room, bool isFirst)
    {
        if (_next is not { } message) return default;

        var rest = EndOfFrame(message) - _written;
        if (rest > room && !isFirst) return default;

        var taken = message.Frames.Slice(_written, Math.Min(rest, room));
        _written += taken.Length;
        if (_written == message.Length) RemoveNext();
        return taken;
    }

    private int EndOfFrame(OutgoingMessage message) => Math.Min(message.Length, ((_written / WebSocketFrame.MaximumLength) + 1) * WebSocketFrame.MaximumLength);

    private void RemoveNext()
    {
        var message = _next!;
        if (message == _exempt) _exempt = null;
        else _size -= message.Length;
        if (_isCounted) budget.LetGo(message);

        _written = 0;
        if (_more is null || !_more.TryDequeue(out _next)) (_next, _more) = (null, null);
    }

    // The network does not take what it was given: from now on it is counted what waits for it.
    private void Stall()
    {
        lock (_lock)
        {
            _isStalled = true;
            _stalledSince = budget.Clock.GetTimestamp();
            budget.HoldCopy(_underWay);
            if (_isCounted) return;

            _isCounted = true;
            if (_next is not null) budget.Hold(_next);
            if (_more is null) return;
            foreach (var message in _more) budget.Hold(message);
        }
    }

    // The network has taken what it was given.
    private bool TryRest()
    {
        lock (_lock)
        {
            Take();
            if (!IsEmpty) return false;

            _isSending = _isCounted = false;
            Tell(ref _idle);
            return true;
        }
    }

    private void Take()
    {
        if (_isStalled) budget.LetGoCopy(_underWay);
        _isStalled = false;
        _underWay = 0;
        TellRoom();
    }

    private void Abandon()
    {
        lock (_lock)
        {
            _isBroken = _isClosed = true;
            DropWaiting();
            Take();
            _control = null;
            _isPingDue = _isSending = _isCounted = false;
            Tell(ref _controlRoom);
            Tell(ref _idle);
        }
    }

    private void DropWaiting()
    {
        // Nothing can follow a frame that was begun and has no end.
        if (!IsBetweenFrames) _isBroken = true;
        while (_next is not null) RemoveNext();
        TellRoom();
    }

    private void TellRoom()
    {
        if (_room is not null && IsRoomy) Tell(ref _room);
    }
}
