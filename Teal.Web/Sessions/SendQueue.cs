using System.Buffers;
using System.IO.Pipelines;
using Teal.Core.Hosting;

namespace Teal.Web.Sessions;

/// <summary>
/// What waits for a client, bounded in number and in bytes, in the order in which it was added. Adding is one thing and sending another:
/// whatever was added before <see cref="Flush"/> goes to the network in one piece, up to a portion; the next portion goes when the network
/// has taken that. So <paramref name="output"/> must complete a flush no sooner. An idle queue holds no buffer and no task.
/// </summary>
/// <param name="output">The network, or what stands before it.</param>
/// <param name="budget">What may wait for this client, and for all together.</param>
public sealed class SendQueue(PipeWriter output, SendBudget budget)
{
    private readonly Lock _lock = new();
    private WaitingMessages _messages = new(budget);

    // Go before messages, but never within a frame.
    private ControlFrames _control;
    private UnderWay _underWay = new(budget);
    private Signal _idle;
    private Signal _room;
    private int _isDue;
    private bool _isSending;
    private bool _isClosed;
    private bool _isBroken;

    /// <summary>Whether so little waits that a replay may go on, or nothing is sent any more.</summary>
    public bool HasRoom
    {
        get { lock (_lock) return IsRoomy; }
    }

    /// <summary>How much of the budget falls to this queue, in bytes.</summary>
    public long Share
    {
        get { lock (_lock) return _messages.Share; }
    }

    private bool IsRoomy => _isBroken || _messages.LeaveRoomBeside(_underWay.Size);

    private bool IsEmpty => _messages.IsEmpty && _control.IsEmpty;

    /// <summary>False when there is no room, and the message was not added. After <see cref="CloseAsync"/> messages are dropped.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isKept">Whether it can be read again later, and has no need of the room that others may want.</param>
    public bool TryAdd(OutgoingMessage message, bool isKept = false)
    {
        lock (_lock)
        {
            if (_isClosed) return true;

            return _messages.TryAdd(message, (isKept ? budget.KeptSize : budget.QueueSize) - _underWay.Size);
        }
    }

    /// <summary>
    /// Sends what waits, on this thread and without waiting for the network. What is under way, or does not go into the
    /// network's buffer, takes the rest along when it can.
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
    /// <param name="frame">The transport's <see cref="Framing.Ping"/>.</param>
    public void Ping(byte[] frame)
    {
        lock (_lock)
        {
            if (!_isClosed) _control.Ping(frame);
        }

        Flush();
    }

    /// <summary>
    /// Sends a frame of the transport itself, such as a pong or a close frame, before any message, also after <see cref="CloseAsync"/>.
    /// Waits while another one waits, so that a client which only asks and never reads is not read any more.
    /// </summary>
    /// <param name="frame">The whole frame; copied.</param>
    /// <param name="isLast">Whether no message is to follow it.</param>
    /// <exception cref="IOException">The connection is broken.</exception>
    public async ValueTask SendControlAsync(ReadOnlyMemory<byte> frame, bool isLast)
    {
        while (TryAddControl(frame, isLast) is { } room) await room;
        Flush();
    }

    /// <summary>Completes when a replay may go on, or nothing is sent any more.</summary>
    public Task WaitForRoomAsync()
    {
        Flush();
        lock (_lock) return IsRoomy ? Task.CompletedTask : _room.WaitAsync();
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
        lock (_lock) return _isSending ? _idle.WaitAsync() : Task.CompletedTask;
    }

    /// <summary>Whether the client has taken nothing for so long, although something waits for it.</summary>
    public bool IsStalledFor(TimeSpan duration) => _underWay.IsStalledFor(duration);

    // Null: it was added. Otherwise when to try again.
    private Task? TryAddControl(ReadOnlyMemory<byte> frame, bool isLast)
    {
        lock (_lock)
        {
            if (isLast)
            {
                _isClosed = true;
                _control.DropPing();
                DropWaiting();
            }

            if (_isBroken) throw new IOException("The connection is broken.");
            return _control.TryAdd(frame);
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
                var next = _messages.IsBetweenFrames ? _control.Take() : default;
                if (next.IsEmpty) next = _messages.Take(room, isFirst: _underWay.Size == 0);
                if (next.IsEmpty) break;

                output.Write(next);
                _underWay.Add(next.Length);
                room -= next.Length;
            }

            TellRoom();
        }
    }

    // The network does not take what it was given: from now on it is counted what waits for it.
    private void Stall()
    {
        lock (_lock)
        {
            _underWay.Stall();
            _messages.StartCounting();
        }
    }

    // The network has taken what it was given.
    private bool TryRest()
    {
        lock (_lock)
        {
            _underWay.Clear();
            TellRoom();
            if (!IsEmpty) return false;

            Rest();
            return true;
        }
    }

    private void Abandon()
    {
        lock (_lock)
        {
            _isBroken = _isClosed = true;
            DropWaiting();
            _underWay.Clear();
            TellRoom();
            _control.Clear();
            Rest();
        }
    }

    private void Rest()
    {
        _isSending = false;
        _messages.StopCounting();
        _idle.Set();
    }

    private void DropWaiting()
    {
        // Nothing can follow a frame that was begun and has no end.
        if (!_messages.IsBetweenFrames) _isBroken = true;
        _messages.Clear();
        TellRoom();
    }

    private void TellRoom()
    {
        if (IsRoomy) _room.Set();
    }
}
