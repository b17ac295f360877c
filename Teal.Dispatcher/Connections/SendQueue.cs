using System.Buffers;
using System.IO.Pipelines;

namespace Teal.Dispatcher.Connections;

/// <summary>
/// The frames that wait for a client, at most <paramref name="limit"/> of them, in the order in which they were added. Adding is one thing and
/// sending another: whatever was added before <see cref="Flush"/> goes to the network in one piece. An idle queue holds no buffer and no task.
/// </summary>
internal sealed class SendQueue(PipeWriter output, int limit)
{
    // What goes to the network at once at most, the last frame apart; half of what the web server's connection buffers.
    private const int Portion = 32 * 1024;

    private readonly Lock _lock = new();

    // Most of the time there is one, and no need for a queue.
    private byte[]? _next;
    private Queue<byte[]>? _more;
    private TaskCompletionSource? _idle;
    private TaskCompletionSource? _room;
    private int _isDue;
    private bool _isSending;
    private bool _isClosed;
    private bool _isBroken;

    private int Count => (_next is null ? 0 : 1) + (_more?.Count ?? 0);

    private bool HasRoom => _isBroken || Count <= limit / 2;

    /// <summary>False when the queue is full, and the frame was not added. After <see cref="CloseAsync"/> frames are dropped.</summary>
    public bool TryAdd(byte[] frame)
    {
        lock (_lock)
        {
            if (_isClosed) return true;
            if (Count >= limit) return false;

            Add(frame);
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
            if (_isSending || _next is null) return;
            _isSending = true;
        }

        _ = SendAsync();
    }

    /// <summary>True for the first who asks until <see cref="ClearDue"/>: the queue is to be flushed by whom that is promised to.</summary>
    public bool TryMarkDue() => Volatile.Read(ref _isDue) == 0 && Interlocked.Exchange(ref _isDue, 1) == 0;

    /// <summary>It is about to be flushed; what is added from now on is to be promised anew.</summary>
    public void ClearDue() => Interlocked.Exchange(ref _isDue, 0);

    /// <summary>
    /// Adds a frame of the websocket itself, a pong or a close frame, also after <see cref="CloseAsync"/>, and sends it. Waits for room, so that a
    /// client which only asks and never reads is not read any more.
    /// </summary>
    /// <param name="frame">The whole frame; copied.</param>
    /// <exception cref="IOException">The connection is broken.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        while (!TryAddControl(frame)) await WaitForRoomAsync();
        Flush();
    }

    /// <summary>Completes when at most half of the frames wait that may, or nothing is sent any more.</summary>
    public Task WaitForRoomAsync()
    {
        Flush();
        lock (_lock)
        {
            if (HasRoom) return Task.CompletedTask;

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Takes no more messages; completes when those it has are sent, or were dropped.</summary>
    /// <param name="sendWaiting">Whether the messages that wait are sent first; those under way always are.</param>
    public Task CloseAsync(bool sendWaiting)
    {
        lock (_lock)
        {
            _isClosed = true;
            if (!sendWaiting) DropWaiting();
        }

        Flush();
        lock (_lock)
        {
            if (!_isSending) return Task.CompletedTask;

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    private bool TryAddControl(ReadOnlyMemory<byte> frame)
    {
        lock (_lock)
        {
            if (_isBroken) throw new IOException("The connection is broken.");
            if (Count >= limit) return false;

            Add(frame.ToArray());
            return true;
        }
    }

    private void Add(byte[] frame)
    {
        if (_next is null) _next = frame;
        else (_more ??= new Queue<byte[]>()).Enqueue(frame);
    }

    private async Task SendAsync()
    {
        try
        {
            while (TryWrite())
            {
                var result = await output.FlushAsync();
                if (result.IsCompleted || result.IsCanceled) break;
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

    // A portion of what waits, into the network's buffer.
    private bool TryWrite()
    {
        lock (_lock)
        {
            var size = 0;
            while (_next is not null && size < Portion)
            {
                output.Write(_next);
                size += _next.Length;
                if (_more is null || !_more.TryDequeue(out _next)) (_next, _more) = (null, null);
            }

            TellRoom();
            return size > 0;
        }
    }

    private bool TryRest()
    {
        lock (_lock)
        {
            if (_next is not null) return false;

            _isSending = false;
            _idle?.TrySetResult();
            return true;
        }
    }

    private void Abandon()
    {
        lock (_lock)
        {
            _isBroken = _isClosed = true;
            DropWaiting();
            _isSending = false;
            _idle?.TrySetResult();
        }
    }

    private void DropWaiting()
    {
        (_next, _more) = (null, null);
        TellRoom();
    }

    private void TellRoom()
    {
        if (_room is null || !HasRoom) return;

        _room.SetResult();
        _room = null;
    }
}
