using System.Net.WebSockets;

namespace Teal.Dispatcher.Connections;

/// <summary>
/// Sends messages one after the other, in the order in which they were added. A message that finds nothing under way is sent at
/// once on the thread that brings it, without waiting for the network; else it waits here, and at most
/// <paramref name="limit"/> do. An idle queue holds no buffer and no task.
/// </summary>
internal sealed class SendQueue(WebSocket socket, int limit)
{
    private readonly Lock _lock = new();
    private Queue<ReadOnlyMemory<byte>>? _waiting;
    private TaskCompletionSource? _idle;
    private TaskCompletionSource? _room;
    private bool _isSending;
    private bool _isClosed;

    /// <summary>False when the queue is full, and the message was not added. After <see cref="CloseAsync"/> messages are dropped.</summary>
    public bool TryAdd(ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (_isClosed) return true;
            if (_isSending)
            {
                _waiting ??= new Queue<ReadOnlyMemory<byte>>();
                if (_waiting.Count >= limit) return false;
                _waiting.Enqueue(message);
                return true;
            }

            _isSending = true;
        }

        _ = SendAsync(message);
        return true;
    }

    /// <summary>Completes when at most half of the messages wait that may, or none is taken any more.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_lock)
        {
            if (HasRoom()) return Task.CompletedTask;

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Takes no more messages; completes when those it has are sent, or were dropped.</summary>
    /// <param name="sendWaiting">Whether the messages that wait are sent first; the one under way always is.</param>
    public Task CloseAsync(bool sendWaiting)
    {
        lock (_lock)
        {
            _isClosed = true;
            if (!sendWaiting) _waiting = null;
            TellRoom();
            if (!_isSending) return Task.CompletedTask;

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message)
    {
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            while (TryTakeNext(out message))
            {
                // Whoever brought the first message has other connections to serve; what others add is not sent on its time.
                await Task.Yield();
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
        }
        catch (Exception)
        {
            // The connection is broken. Whoever reads from it learns that too, and ends it.
            Abandon();
        }
    }

    private bool TryTakeNext(out ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (_waiting is not null && _waiting.TryDequeue(out message))
            {
                TellRoom();
                return true;
            }

            _waiting = null;
            _isSending = false;
            _idle?.TrySetResult();
            message = default;
            return false;
        }
    }

    private void Abandon()
    {
        lock (_lock)
        {
            _isClosed = true;
            _waiting = null;
            _isSending = false;
            TellRoom();
            _idle?.TrySetResult();
        }
    }

    private bool HasRoom() => _isClosed || _waiting is null || _waiting.Count <= limit / 2;

    private void TellRoom()
    {
        if (_room is null || !HasRoom()) return;

        _room.SetResult();
        _room = null;
    }
}
