using System.Buffers.Binary;
using Teal.Web.Sessions;

namespace Teal.Web.WebSockets;

/// <summary>Frames as a server sends them: unmasked (RFC 6455 section 5.2).</summary>
internal sealed class WebSocketFraming : Framing
{
    /// <summary>
    /// The largest frame in bytes, its header included. A longer message is cut into frames of exactly this size and a last one (section
    /// 5.4), so that a ping, a pong or a close frame finds its place between two of them, however slowly the client reads.
    /// </summary>
    public const int MaximumLength = 32 * 1024;

    private const byte Final = 0x80, OpcodeMask = 0x0f;
    private const byte ContinuationOpcode = 0x0, TextOpcode = 0x1, BinaryOpcode = 0x2, CloseOpcode = 0x8, PingOpcode = 0x9;
    private const byte Length16 = 126;
    private const int ShortHeader = 2, LongHeader = 4;
    private const int FullPayload = MaximumLength - LongHeader;

    /// <summary>The one that all websockets share.</summary>
    public static readonly WebSocketFraming Instance = new();

    private WebSocketFraming()
    {
    }

    /// <summary>A ping without a payload.</summary>
    public override byte[] Ping { get; } = [Final | PingOpcode, 0];

    /// <inheritdoc/>
    public override OutgoingMessage Frame(ReadOnlySpan<byte> message, bool isText) => new(ToFrames(message, isText), MaximumLength);

    /// <summary>Whether the frame is a close frame.</summary>
    public static bool IsClose(ReadOnlySpan<byte> frame) => (frame[0] & OpcodeMask) == CloseOpcode;

    private static byte[] ToFrames(ReadOnlySpan<byte> message, bool isText)
    {
        var full = Math.Max(0, message.Length - 1) / FullPayload;
        var last = message.Length - (full * FullPayload);
        var frames = GC.AllocateUninitializedArray<byte>((full * MaximumLength) + HeaderLength(last) + last);
        for (var i = 0; i <= full; i++)
        {
            var opcode = i > 0 ? ContinuationOpcode : isText ? TextOpcode : BinaryOpcode;
            var start = opcode | (i == full ? Final : 0);
            Write(frames.AsSpan(i * MaximumLength), (byte)start, message.Slice(i * FullPayload, i == full ? last : FullPayload));
        }

        return frames;
    }

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
