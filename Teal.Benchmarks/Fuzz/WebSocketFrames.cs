using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Teal.Benchmarks.Fuzz;

/// <summary>Reads what a websocket server sends, as strictly as RFC 6455 says, and judges it.</summary>
internal static class WebSocketFrames
{
    private const byte Continuation = 0, Text = 1, Close = 8, Ping = 9, Pong = 10;

    private static readonly HashSet<string> Types =
    [
        "callback", "openid_ciba_callback", "powens_webhook", "callback_creation_failure", "ack", "error", "gap", "draining",
    ];
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>A frame of a client, masked.</summary>
    public static byte[] Make(byte first, ReadOnlySpan<byte> payload, uint mask)
    {
        byte[] length = payload.Length switch
        {
            < 126 => [(byte)(0x80 | payload.Length)],
            < 65536 => [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length],
            _ =>
            [
                0x80 | 127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8),
                (byte)payload.Length,
            ],
        };
        var key = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(key, mask);
        var masked = payload.ToArray();
        for (var i = 0; i < masked.Length; i++) masked[i] ^= key[i % 4];
        return [first, .. length, .. key, .. masked];
    }

    /// <summary>Reads all frames behind the handshake's answer.</summary>
    /// <param name="data">What came.</param>
    /// <param name="onText">Is given each message.</param>
    /// <param name="isClosed">Whether a close frame came.</param>
    /// <returns>What is wrong; null: nothing, but the last frame may not be whole.</returns>
    public static string? Judge(ReadOnlySpan<byte> data, Action<string> onText, out bool isClosed)
    {
        isClosed = false;
        var message = new List<byte>();
        var isWithin = false;
        while (data.Length >= 2)
        {
            if (isClosed && (data[0] & 0x0F) < Close) return "an event or an answer behind the close frame";
            if ((data[0] & 0x70) != 0 || (data[1] & 0x80) != 0) return "a frame with reserved bits, or masked";

            var (start, length) = (data[1] & 0x7F) switch
            {
                126 => data.Length < 4 ? (0, 0L) : (4, BinaryPrimitives.ReadUInt16BigEndian(data[2..])),
                127 => data.Length < 10 ? (0, 0L) : (10, BinaryPrimitives.ReadInt64BigEndian(data[2..])),
                var small => (2, (long)small),
            };
            if (start == 0 || start + length > data.Length) return null;

            var payload = data.Slice(start, (int)length);
            var (opcode, isFinal) = (data[0] & 0x0F, (data[0] & 0x80) != 0);
            if (opcode is Text or Continuation)
            {
                if (opcode == Text == isWithin) return "a frame that does not follow the one before";

                message.AddRange(payload);
                isWithin = !isFinal;
                if (isFinal && JudgeMessage([.. message], onText) is { } wrong) return wrong;
                if (isFinal) message.Clear();
            }
            else if (!isFinal)
            {
                return "a control frame in fragments";
            }
            else if (JudgeControl(opcode, payload) is { } wrong)
            {
                return wrong;
            }

            isClosed |= (data[0] & 0x0F) == Close;
            data = data[(start + (int)length)..];
        }

        return null;
    }

    private static string? JudgeControl(int opcode, ReadOnlySpan<byte> payload)
    {
        switch (opcode)
        {
            case Ping or Pong: return payload.Length > 125 ? "a control frame that is too long" : null;
            case Close when payload.Length is 1 or > 125: return "a close frame of a wrong length";
            case Close when payload.Length >= 2:
                return MayBeSent(BinaryPrimitives.ReadUInt16BigEndian(payload)) ? null : "a close code that may not be sent";
            case Close: return null;
            default: return "a frame of an unknown kind";
        }
    }

    private static bool MayBeSent(ushort code) => code is >= 1000 and not (1004 or 1005 or 1006 or 1015);

    private static bool IsMessage(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("type", out var type) && Types.Contains(type.GetString() ?? "");

    private static string? JudgeMessage(ReadOnlySpan<byte> payload, Action<string> onText)
    {
        try
        {
            var text = Strict.GetString(payload);
            using var json = JsonDocument.Parse(text);
            if (!IsMessage(json.RootElement)) return "a message of an unknown type";

            onText(text);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException or InvalidOperationException)
        {
            return "a message that is no JSON in UTF-8";
        }
    }
}
