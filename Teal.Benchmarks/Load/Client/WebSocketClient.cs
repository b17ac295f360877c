using System.Buffers.Binary;
using System.Text;

namespace Teal.Benchmarks.Load.Client;

/// <summary>What a message of a websocket says, in UTF-8.</summary>
internal delegate void MessageHandler(ReadOnlySpan<byte> message);

/// <summary>
/// A websocket's client side (RFC 6455): answers pings, and counts what it gets. Its frames are masked with zeros, which is a mask like any
/// other to a server.
/// </summary>
internal sealed class WebSocketClient : Connection
{
    private const byte Text = 1, Close = 8, Ping = 9, Pong = 10, Final = 0x80, Masked = 0x80;

    private readonly MessageHandler _onMessage;

    /// <summary>Connects, and sends the handshake.</summary>
    public WebSocketClient(EventLoop loop, int port, ReadOnlyMemory<byte> handshake, MessageHandler onMessage, Origin? origin = null)
        : base(loop, port, origin)
    {
        _onMessage = onMessage;
        Post(handshake);
    }

    /// <summary>Is called when the handshake is done.</summary>
    public Action? OnOpen { get; init; }

    /// <summary>
    /// Is called when the server refused the handshake, or has closed the connection; without it, a refusal is an exception.
    /// </summary>
    public Action? OnEnd { get; init; }

    /// <summary>Whether the handshake is done.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>
    /// How many pongs have arrived. A server that does one thing after the other has then done what was sent before the ping.
    /// </summary>
    public int Pongs { get; private set; }

    /// <summary>Whether the server's close frame has arrived.</summary>
    public bool IsClosing { get; private set; }

    public void SendText(string message) => SendFrame(Text, Encoding.UTF8.GetBytes(message));

    public void SendPing() => SendFrame(Ping, []);

    /// <summary>Begins the closing handshake, with 1000.</summary>
    public void SendClose() => SendFrame(Close, [0x03, 0xE8]);

    /// <inheritdoc/>
    protected override void OnClosed() => OnEnd?.Invoke();

    /// <inheritdoc/>
    protected override int Take(ReadOnlySpan<byte> data) => IsOpen ? TakeFrame(data) : TakeHandshake(data);

    private int TakeHandshake(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf("\r\n\r\n"u8);
        if (end < 0) return 0;
        if (data.StartsWith("HTTP/1.1 101 "u8))
        {
            IsOpen = true;
            OnOpen?.Invoke();
            return end + 4;
        }

        if (OnEnd is null) throw new InvalidDataException($"The handshake was refused: {Encoding.ASCII.GetString(data)}");

        Dispose();
        OnEnd();
        return 0;
    }

    private int TakeFrame(ReadOnlySpan<byte> data)
    {
        if (data.Length < 2) return 0;

        int start = 2, length = data[1];
        if (length == 126)
        {
            if (data.Length < 4) return 0;
            (start, length) = (4, BinaryPrimitives.ReadUInt16BigEndian(data[2..]));
        }
        else if (length == 127)
        {
            throw new InvalidDataException("Frames of 64 KiB and more are not expected.");
        }

        if (data.Length < start + length) return 0;

        OnFrame(data[0], data.Slice(start, length));
        return start + length;
    }

    private void OnFrame(byte first, ReadOnlySpan<byte> payload)
    {
        switch (first & 0x0F)
        {
            case Text: _onMessage(payload); break;
            case Ping: SendFrame(Pong, payload); break;
            case Pong: Pongs++; break;
            case Close: IsClosing = true; break;
        }
    }

    private void SendFrame(byte code, ReadOnlySpan<byte> payload)
    {
        var start = payload.Length < 126 ? 2 : 4;
        var frame = new byte[start + 4 + payload.Length];
        frame[0] = (byte)(Final | code);
        frame[1] = (byte)(Masked | (start == 2 ? payload.Length : 126));
        if (start == 4) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        payload.CopyTo(frame.AsSpan(start + 4));
        Post(frame);
    }
}
