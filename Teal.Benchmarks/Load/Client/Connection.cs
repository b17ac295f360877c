using System.Net;
using System.Net.Sockets;

namespace Teal.Benchmarks.Load.Client;

/// <summary>A client's end of a TCP connection on loopback, read by an <see cref="EventLoop"/>.</summary>
internal abstract class Connection : IDisposable
{
    // What one connection sends at a time: others have their turn then.
    private const int LargestPortion = 64 * 1024;

    private readonly EventLoop _loop;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Queue<ReadOnlyMemory<byte>> _unsent = new();
    private readonly int _key;

    // The beginning of something whose end has not arrived.
    private byte[]? _rest;
    private ReadOnlyMemory<byte> _sending;
    private bool _isDisposed;
    private bool _isDeaf, _isFull;

    /// <summary>Connects; only begins to where an origin is given, and a server that refuses it is one that closes it.</summary>
    protected Connection(EventLoop loop, int port, Origin? origin = null)
    {
        _loop = loop;
        if (origin is null) _socket.Connect(IPAddress.Loopback, port);
        else origin.Connect(_socket, port);
        _socket.Blocking = false;
        _key = loop.Add(this);
    }

    public int Descriptor => (int)_socket.Handle;

    /// <summary>Whether either side has closed it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Sends all of it.</summary>
    public void Send(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            var sent = _socket.Send(data, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) _socket.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectWrite);
            else if (error != SocketError.Success) throw new SocketException((int)error);
            else data = data[sent..];
        }
    }

    /// <summary>Sends what there is room for, and the rest later, while others have their turn; nothing where it is closed.</summary>
    public void Post(ReadOnlyMemory<byte> data)
    {
        if (IsClosed) return;

        _unsent.Enqueue(data);
        if (!_isFull) SendPortion();
    }

    /// <summary>Reads nothing any more.</summary>
    public void BeDeaf()
    {
        _isDeaf = true;
        if (!IsClosed) _loop.Watch(this, _key, reads: false, _isFull);
    }

    /// <summary>Sends more of what was posted.</summary>
    public void OnWritable() => SendPortion();

    /// <summary>Takes what has arrived.</summary>
    public void OnReadable()
    {
        var buffer = _loop.Buffer;
        var length = _rest?.Length ?? 0;
        _rest?.CopyTo(buffer, 0);
        _rest = null;
        var received = _socket.Receive(buffer.AsSpan(length), SocketFlags.None, out var error);
        var hasEnded = error != SocketError.WouldBlock && (received == 0 || error != SocketError.Success);
        if (error != SocketError.Success) received = 0;
        var data = buffer.AsSpan(0, length + received);
        while (!_isDeaf && data.Length > 0 && Take(data) is > 0 and var taken) data = data[taken..];
        if (IsClosed) return;

        if (data.Length > 0 && !_isDeaf) _rest = data.ToArray();
        if (!hasEnded) return;

        End();
        OnClosed();
    }

    /// <summary>Hangs up, in a way that leaves no port behind that waits.</summary>
    public void Dispose()
    {
        if (!IsClosed) End();
        if (_isDisposed) return;

        _isDisposed = true;
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <summary>Takes one whole item from the beginning of what has arrived, and returns its length; 0: it is not whole yet.</summary>
    protected abstract int Take(ReadOnlySpan<byte> data);

    /// <summary>The server has closed it, or refused it.</summary>
    protected virtual void OnClosed()
    {
        // Most ask IsClosed.
    }

    private void SendPortion()
    {
        var left = LargestPortion;
        while (left > 0 && (!_sending.IsEmpty || _unsent.TryDequeue(out _sending)))
        {
            var sent = _socket.Send(_sending.Span[..Math.Min(left, _sending.Length)], SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) break;

            // It has ended: an answer that came before can be read, and then the end.
            if (error != SocketError.Success) _unsent.Clear();
            left -= sent;
            _sending = error == SocketError.Success ? _sending[sent..] : default;
        }

        var isFull = !_sending.IsEmpty || _unsent.Count > 0;
        if (isFull == _isFull) return;

        _isFull = isFull;
        _loop.Watch(this, _key, !_isDeaf, isFull);
    }

    private void End()
    {
        IsClosed = true;
        _loop.Remove(this, _key);
    }
}
