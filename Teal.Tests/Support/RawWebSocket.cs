using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Teal.Tests.Support;

/// <summary>A websocket client that sends any frame, also such as RFC 6455 forbids, and reads only when told to.</summary>
internal sealed class RawWebSocket : IDisposable
{
    public const int Continuation = 0x0, Text = 0x1, Binary = 0x2, CloseFrame = 0x8, Ping = 0x9, Pong = 0xA;

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawWebSocket(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    /// <summary>Connects, and shakes hands; throws when it is not let in.</summary>
    public static async Task<RawWebSocket> ConnectAsync(Uri dispatcher, int? receiveBuffer = null, string? subprotocol = null)
    {
        var client = new TcpClient();
        if (receiveBuffer is { } size) client.ReceiveBufferSize = size;
        await client.ConnectAsync(dispatcher.Host, dispatcher.Port).WithinLimit();
        var socket = new RawWebSocket(client);
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"anonymous:{TestServer.Password}"));
        await socket._stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /websocket HTTP/1.1\r\nHost: {dispatcher.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Basic {credentials}\r\n" +
            (subprotocol is null ? "\r\n" : $"Sec-WebSocket-Protocol: {subprotocol}\r\n\r\n")));

        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)(await socket.ReadAsync(1))[0]);
        head.ToString().Should().StartWith("HTTP/1.1 101");
        return socket;
    }

    /// <summary>Sends a frame; <paramref name="announced"/> lets its length be a lie.</summary>
    public async Task SendAsync(int opcode, byte[] payload, bool isEnd = true, bool isMasked = true, long? announced = null)
    {
        var length = announced ?? payload.Length;
        var frame = new List<byte> { (byte)((isEnd ? 0x80 : 0) | opcode) };
        var mask = isMasked ? 0x80 : 0;
        if (length < 126)
        {
            frame.Add((byte)(mask | (int)length));
        }
        else
        {
            var field = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(field, length);
            frame.Add((byte)(mask | (length < 65536 ? 126 : 127)));
            frame.AddRange(length < 65536 ? field[6..] : field);
        }

        byte[] key = [0x12, 0x34, 0x56, 0x78];
        if (isMasked) frame.AddRange(key);
        frame.AddRange(isMasked ? payload.Select((octet, i) => (byte)(octet ^ key[i % 4])) : payload);
        await _stream.WriteAsync(frame.ToArray()).AsTask().WithinLimit();
    }

    public Task SendTextAsync(string text) => SendAsync(Text, Encoding.UTF8.GetBytes(text));

    /// <summary>The next frame.</summary>
    public async Task<(int Opcode, byte[] Payload)> ReceiveAsync()
    {
        var head = await ReadAsync(2);
        return (head[0] & 0x0f, await ReadPayloadAsync(head));
    }

    /// <summary>The next text message, whose frames it puts together; null: the server closed.</summary>
    public async Task<string?> ReceiveTextAsync()
    {
        using var message = new MemoryStream();
        while (true)
        {
            var head = await ReadAsync(2);
            var payload = await ReadPayloadAsync(head);
            var opcode = head[0] & 0x0f;
            if (opcode == CloseFrame) return null;
            if (opcode is not (Text or Continuation)) continue;

            message.Write(payload);
            if ((head[0] & 0x80) != 0) return Encoding.UTF8.GetString(message.ToArray());
        }
    }

    /// <summary>Reads until the close frame, and returns its code; null: the connection ended without one.</summary>
    public async Task<int?> ReceiveCloseCodeAsync()
    {
        try
        {
            while (true)
            {
                var (opcode, payload) = await ReceiveAsync();
                if (opcode == CloseFrame) return payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(payload);
            }
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Ends the connection without a word, as a machine that loses its power.</summary>
    public void Dispose()
    {
        if (_client.Client is null) return;

        _client.LingerState = new LingerOption(true, 0);
        _client.Dispose();
    }

    private async Task<byte[]> ReadPayloadAsync(byte[] head)
    {
        long length = head[1] & 0x7f;
        if (length == 126) length = BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2));
        else if (length == 127) length = BinaryPrimitives.ReadInt64BigEndian(await ReadAsync(8));
        return await ReadAsync((int)length);
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes).AsTask().WithinLimit();
        return bytes;
    }
}
