using System.Buffers.Binary;

namespace Teal.Dispatcher.Connections;

/// <summary>Frames as a server sends them: whole and unmasked (RFC 6455 section 5.2).</summary>
internal static class WebSocketFrame
{
    private const byte Final = 0x80, TextOpcode = 0x1, PingOpcode = 0x9;
    private const byte Length16 = 126, Length64 = 127;

    /// <summary>A ping without a payload.</summary>
    public static readonly byte[] Ping = [Final | PingOpcode, 0];

    /// <summary>A text message in one frame.</summary>
    /// <param name="text">UTF-8.</param>
    public static byte[] Text(ReadOnlySpan<byte> text)
    {
        var header = text.Length < Length16 ? 2 : text.Length <= ushort.MaxValue ? 4 : 10;
        var frame = new byte[header + text.Length];
        frame[0] = Final | TextOpcode;
        switch (header)
        {
            case 2:
                frame[1] = (byte)text.Length;
                break;
            case 4:
                frame[1] = Length16;
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)text.Length);
                break;
            default:
                frame[1] = Length64;
                BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)text.Length);
                break;
        }

        text.CopyTo(frame.AsSpan(header));
        return frame;
    }
}
