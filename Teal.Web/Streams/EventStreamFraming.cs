using System.Buffers.Text;
using Teal.Web.Sessions;

namespace Teal.Web.Streams;

/// <summary>
/// Events as <c>text/event-stream</c> has them (WHATWG HTML, server-sent events). A text is one event with a <c>data</c> line for each line
/// of it, so that its ends of lines arrive as LF. A binary message is an event of the type <c>binary</c>, in base64.
/// </summary>
internal sealed class EventStreamFraming : Framing
{
    /// <summary>The one that all event streams share.</summary>
    public static readonly EventStreamFraming Instance = new();

    private EventStreamFraming()
    {
    }

    /// <summary>A comment, which clients pass over.</summary>
    public override byte[] Ping { get; } = [.. ":\n"u8];

    private static ReadOnlySpan<byte> Field => "data: "u8;

    private static ReadOnlySpan<byte> BinaryStart => "event: binary\ndata: "u8;

    private static ReadOnlySpan<byte> End => "\n\n"u8;

    /// <inheritdoc/>
    public override OutgoingMessage Frame(ReadOnlySpan<byte> message, bool isText)
    {
        // Nothing can stand within an event, so it is one frame, however long.
        var frame = isText ? FrameText(message) : FrameBinary(message);
        return new OutgoingMessage(frame, frame.Length);
    }

    private static byte[] FrameText(ReadOnlySpan<byte> text)
    {
        var frame = GC.AllocateUninitializedArray<byte>(LengthOf(text));
        var rest = frame.AsSpan();
        while (true)
        {
            Move(Field, ref rest);
            var end = text.IndexOfAny((byte)'\n', (byte)'\r');
            Move(end < 0 ? text : text[..end], ref rest);
            if (end < 0) break;

            Move(End[..1], ref rest);
            text = text[(end + BreakLength(text, end))..];
        }

        Move(End, ref rest);
        return frame;
    }

    private static int LengthOf(ReadOnlySpan<byte> text)
    {
        var length = Field.Length + End.Length;
        for (int end; (end = text.IndexOfAny((byte)'\n', (byte)'\r')) >= 0; text = text[(end + BreakLength(text, end))..])
            length = checked(length + end + 1 + Field.Length);
        return checked(length + text.Length);
    }

    // CR and LF together are one end of a line.
    private static int BreakLength(ReadOnlySpan<byte> text, int at) => text[at..].StartsWith("\r\n"u8) ? 2 : 1;

    private static byte[] FrameBinary(ReadOnlySpan<byte> message)
    {
        var frame = new byte[BinaryStart.Length + Base64.GetMaxEncodedToUtf8Length(message.Length) + End.Length];
        var rest = frame.AsSpan();
        Move(BinaryStart, ref rest);
        Base64.EncodeToUtf8(message, rest, out _, out var length);
        rest = rest[length..];
        Move(End, ref rest);
        return frame;
    }

    private static void Move(ReadOnlySpan<byte> bytes, ref Span<byte> target)
    {
        bytes.CopyTo(target);
        target = target[bytes.Length..];
    }
}
