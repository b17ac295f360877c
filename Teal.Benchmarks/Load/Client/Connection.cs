using System.Net;
using System.Net.Sockets;

namespace Teal.Benchmarks.Load.Client;

/// <summary>A client's end of a TCP connection on loopback, read by an <see cref="EventLoop"/>.</summary>
internal abstract class Connection : IDisposable
{
    private readonly EventLoop _loop;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly int _key;

    // The beginning of something whose end has not arrived.
    private byte[]? _rest;

    protected Connection(EventLoop loop, int port)
    {
        _loop = loop;
        _socket.Connect(IPAddress.Loopback, port);
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

    /// <summary>Takes what has arrived.</summary>
    public void OnReadable()
    {
        var buffer = _loop.Buffer;
        var length = _rest?.Length ?? 0;
        _rest?.CopyTo(buffer, 0);
        _rest = null;
        var received = _socket.Receive(buffer.AsSpan(length), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) received = 0;
        else if (received == 0 || error != SocketError.Success) OnEnd();

        var data = buffer.AsSpan(0, length + received);
        while (data.Length > 0 && Take(data) is > 0 and var taken) data = data[taken..];
        if (data.Length > 0 && !IsClosed) _rest = data.ToArray();
    }

    /// <summary>Hangs up, in a way that leaves no port behind that waits.</summary>
    public void Dispose()
    {
        if (!IsClosed) OnEnd();
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <summary>Takes one whole item from the beginning of what has arrived, and returns its length; 0: it is not whole yet.</summary>
    protected abstract int Take(ReadOnlySpan<byte> data);

    private void OnEnd()
    {
        IsClosed = true;
        _loop.Remove(this, _key);
    }
}
