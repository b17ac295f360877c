using System.Buffers.Binary;

namespace Teal.Dispatcher.Connections;

/// <summary>Frames as a server sends them: unmasked (RFC 6455 section 5.2).</summary>
internal static class WebSocketFrame
{
    /// <summary>
    /// The largest frame in bytes, its header included. A longer message is cut into frames of exactly this size and a last one (section 5.4), so that a ping, a pong or
    /// a close frame finds its place between two of them, however slowly the client reads.
    /// </summary>
    public const int MaximumLength = 32 * 1024;

    private const byte Final = 0x80, ContinuationOpcode = 0x0, TextOpcode = 0x1, CloseOpcode = 0x8, PingOpcode = 0x9, OpcodeMask = 0x0f;
    private const byte Length16 = 126;
    private const int ShortHeader = 2, LongHeader = 4;
    private const int FullPayload = MaximumLength - LongHeader;

    /// <summary>A ping without a payload.</summary>
    public static readonly byte[] Ping = [Final | PingOpcode, 0];

    /// <summary>A text message, in one frame or several.</summary>
    /// <param name="text">UTF-8.</param>
    public static byte[] Text(ReadOnlySpan<byte> text)
    {
        var full = Math.Max(0, text.Length - 1) / FullPayload;
        var last = text.Length - (full * FullPayload);
        var message = GC.AllocateUninitializedArray<byte>((full * MaximumLength) + HeaderLength(last) + last);
        for (var i = 0; i <= full; i++)
        {
            var start = (i == 0 ? TextOpcode : ContinuationOpcode) | (i == full ? Final : 0);
            Write(message.AsSpan(i * MaximumLength), (byte)start, text.Slice(i * FullPayload, i == full ? last : FullPayload));
        }

        return message;
    }

    /// <summary>Whether the frame is a close frame.</summary>
    public static bool IsClose(ReadOnlySpan<byte> frame) => (frame[0] & OpcodeMask) == CloseOpcode;

    private static int HeaderLength(int payload) => payload < Length16 ? ShortHeader : LongHeader;

    private static void Write(Span<byte> target, byte start, ReadOnlySpan<byte> payload)
    {
        target[0] = start;
        if (payload.Length < Length16)
        {
            target[1] = (byte)payload.Length;
        }
        else
        {
            target[1] = Length16;
            BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)payload.Length);
        }

        payload.CopyTo(target[HeaderLength(payload.Length)..]);
    }
}
