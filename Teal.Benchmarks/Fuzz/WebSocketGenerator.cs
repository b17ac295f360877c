using System.Text;
using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Fuzz;

/// <summary>
/// Handshakes, right and wrong, and behind the right ones messages and frames. The last message is right, and has an answer of its own:
/// where everything before it was whole, that answer must come, or the connection's end.
/// </summary>
internal sealed class WebSocketGenerator : IFuzzGenerator
{
    private const byte Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10, Final = 0x80;
    private const string Sentinel = "sentinel";

    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(50), Limit = TimeSpan.FromSeconds(10);

    private static readonly string[] Topics =
    [
        Load.Client.Topics.Callback("client"), Load.Client.Topics.Callback("B1021budgea_1"), Load.Client.Topics.Notification("fuzz-0"),
        Load.Client.Topics.Notification("fuzz-1"), Load.Client.Topics.Webhook("fuzz"), Load.Client.Topics.Webhook("fuzz.biapi.pro"),
    ];

    private static readonly string[] Versions = ["13", "13", "8", "8, 13", "", "013", "99999999999"];

    private static readonly string[] Keys =
    [
        "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ==", "", "AAAA", "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: AAAA",
        new string('a', 5000),
    ];

    private static readonly string[] Queries =
    [
        "", "?credentials=YW5vbnltb3VzOng%3D", "?credentials=", "?credentials=%ff", "?credentials=!",
        "?credentials=YQ%3D%3D&credentials=YQ%3D%3D",
    ];

    private static readonly string[] Protocols =
    [
        "", "Sec-WebSocket-Protocol: teal.v2\r\n", "Sec-WebSocket-Protocol: ,\r\n", "Sec-WebSocket-Protocol: a, teal.v2, b\r\n",
        "Sec-WebSocket-Protocol: a b\r\n", "Sec-WebSocket-Extensions: permessage-deflate\r\n",
    ];

    private static readonly string[] Passwords =
    [
        TealServer.Authorize("wrong"), "Authorization: Basic\r\n", "Authorization: Basic ====\r\n", "Authorization: Bearer a\r\n",
        "Authorization: Basic YW5vbnltb3Vz\r\n",
    ];

    private static readonly string[] Expiries =
    [
        "4102444800", "4102444800", "4102444800", "\"2099-01-01T00:00:00\"", "\"2099-01-01T00:00:00+14:00\"", "0", "-1", "1e400", "\"x\"",
        "4102444800000",
    ];

    private static readonly string[] Beginnings =
    [
        "null", "\"earliest\"", "\"2026-01-01T00:00:00\"", "\"0644512f7c3a08\"", "\"zzzz\"", "\"\"", "\"7fffffffffffffff\"",
        "\"ffffffffffffffff\"",
    ];

    private static readonly string[] RedirectUrls =
    [
        "null", $"\"https://{HttpAnswers.RedirectHost}/done\"", "\"javascript:a\"", "\"https://app.example.org/\\r\\nX-Injected: 1\"",
        "\"//evil.example\"",
    ];

    public string Name => "websocket";

    public int Workers => 4;

    public FuzzInput Make(Random random)
    {
        var isExtended = random.Happens(0.6);
        var handshake = Encoding.ASCII.GetBytes(isExtended ? TealServer.ExtendedHandshake() : TealServer.ClassicHandshake());
        var isHandshakeRight = random.Happens(0.8);
        if (!isHandshakeRight) handshake = MakeHandshake(random, handshake);
        var frames = new List<byte>();
        var areWhole = isHandshakeRight;
        for (var count = random.Next(8); count > 0; count--)
        {
            var isBroken = random.Happens(0.1);
            areWhole &= !isBroken;
            frames.AddRange(isBroken ? MakeBroken(random) : MakeMessage(random, isExtended));
        }

        frames.AddRange(Frame(random, Final | Text, Encoding.ASCII.GetBytes(isExtended
            ? $"{{\"id\":\"{Sentinel}\"}}"
            : $"{{\"create\":{{\"type\":\"callback\",\"state\":\"{Sentinel}\",\"expires_at\":0}}}}")));
        return new FuzzInput([handshake, [.. frames]], areWhole ? FuzzEnd.Wait : FuzzEnd.Reset, IsForDispatcher: true);
    }

    public async Task<FuzzOutcome> TryAsync(FuzzInput input, FuzzTarget target, CancellationToken cancellationToken)
    {
        using var connection = await RawConnection.OpenAsync(target.PortFor(input), target.From, cancellationToken);
        if (connection is null) return FuzzOutcome.Nothing;

        await connection.SendAsync(input.Pieces[0], cancellationToken);
        var isWhole = input.End == FuzzEnd.Wait;
        await connection.ReadAsync(
            static connection => HeadOf(connection.Received) > 0, isWhole ? Limit : Silence, Limit, cancellationToken);
        var head = HeadOf(connection.Received);
        if (!connection.Received.AsSpan().StartsWith("HTTP/1.1 101 "u8))
        {
            var refusal = HttpAnswers.Judge(connection.Received, mayBeCut: true, mayHaveNoBody: false);
            return isWhole ? refusal with { Wrong = refusal.Wrong ?? "a handshake that is right was refused" } : refusal;
        }

        await connection.SendAsync(input.Pieces[1], cancellationToken);
        var (isAnswered, isClosed, wrong) = (false, false, (string?)null);
        await connection.ReadAsync(Judge, isWhole ? Limit : Silence, Limit, cancellationToken);
        Judge(connection);
        if (isWhole && !isAnswered && !isClosed && !connection.HasEnded) wrong ??= "no answer to a message that is right, and no end";
        return new FuzzOutcome(connection.Received, 0, wrong);

        bool Judge(RawConnection at)
        {
            wrong = WebSocketFrames.Judge(
                at.Received.AsSpan(head), text => isAnswered |= text.Contains(Sentinel, StringComparison.Ordinal), out isClosed);
            return wrong is not null || isAnswered || isClosed;
        }
    }

    private static int HeadOf(byte[] received) => received.AsSpan().IndexOf("\r\n\r\n"u8) + 4 is var end && end > 3 ? end : 0;

    private static byte[] MakeHandshake(Random random, byte[] right)
    {
        if (random.Happens(0.4)) return random.Mutate(right);

        var password = random.Happens(0.5) ? random.Pick(Passwords) : "";
        return Encoding.UTF8.GetBytes(
            $"{random.Pick(["GET", "GET", "POST", "CONNECT"])} /websocket{random.Pick(Queries)} HTTP/1.{random.Pick(["1", "1", "0"])}\r\n"
            + "Host: localhost\r\n"
            + $"Connection: {random.Pick(["Upgrade", "keep-alive, upgrade", "close"])}\r\n"
            + $"Upgrade: {random.Pick(["websocket", "WebSocket", "h2c"])}\r\n"
            + $"Sec-WebSocket-Version: {random.Pick(Versions)}\r\nSec-WebSocket-Key: {random.Pick(Keys)}\r\n"
            + $"{random.Pick(Protocols)}{password}\r\n");
    }

    private static byte[] MakeMessage(Random random, bool isExtended)
    {
        if (random.Happens(0.1)) return Frame(random, Final | random.Pick([Ping, Pong]), new byte[random.Next(126)]);
        if (random.Happens(0.03)) return Frame(random, Final | Binary, new byte[random.Next(300)]);

        // A message that is not UTF-8 has the connection closed, which is an end, too.
        var message = JsonMaker.ToBytes(random, MakeJson(random, isExtended));
        if (random.Happens(0.75)) return Frame(random, Final | Text, message);

        var frames = new List<byte>();
        for (var kind = Text; message.Length > 0 || kind == Text; kind = Continuation)
        {
            var part = message[..random.Next(message.Length + 1)];
            message = message[part.Length..];
            frames.AddRange(Frame(random, kind, part));
            if (random.Happens(0.2)) frames.AddRange(Frame(random, Final | Ping, []));
            if (message.Length == 0) break;
        }

        frames.AddRange(Frame(random, Final | Continuation, []));
        return [.. frames];
    }

    private static string MakeJson(Random random, bool isExtended)
    {
        var topic = random.Pick(Topics);
        var state = random.Pick(["client", "client", "other", "\\u0000", "B1021budgea_1"]);
        var create = ("create", JsonMaker.Object(
            random, ("type", "\"callback\""), ("state", $"\"{state}\""), ("final_redirect_url", random.Pick(RedirectUrls)),
            ("with_fragment", "false"), ("expires_at", random.Pick(Expiries))));
        var register =
            ("register_to", isExtended && random.Happens(0.5) ? $"{{{topic},\"after\":{random.Pick(Beginnings)}}}" : $"{{{topic}}}");
        if (!isExtended)
        {
            return random.Next(3) switch
            {
                0 => JsonMaker.Object(random, create),
                1 => JsonMaker.Object(random, register),
                _ => JsonMaker.Object(random, create, register),
            };
        }

        var id = ("id", random.Pick(["1", "\"a\"", "1.5", "null", $"\"{new string('a', random.Next(400))}\""]));
        return random.Next(6) switch
        {
            0 => JsonMaker.Object(random, id, create),
            1 => JsonMaker.Object(random, id, register),
            2 => JsonMaker.Object(random, id, create, register),
            3 => JsonMaker.Object(random, id, ("unregister_from", $"{{{topic}}}")),
            4 => JsonMaker.Object(random, id, ("delete", $"{{\"type\":\"callback\",\"state\":\"{state}\"}}")),
            _ => JsonMaker.Value(random, 4),
        };
    }

    private static byte[] MakeBroken(Random random)
    {
        var payload = new byte[random.Next(200)];
        random.NextBytes(payload);
        return random.Next(9) switch
        {
            0 => Frame(random, (byte)random.Next(256), payload),
            1 => [Final | Text, (byte)Math.Min(payload.Length, 125), .. payload],
            2 => [Final | Text, 0x80 | 127, .. payload],
            3 => [Final | Text, 0x80 | 127, 0x3F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0],
            4 => Frame(random, Final | Ping, new byte[random.Next(126, 1000)]),
            5 => Frame(random, Final | Continuation, payload),
            6 => Frame(random, Final | Close, payload.AsSpan(0, Math.Min(payload.Length, random.Next(5)))),
            7 => Frame(random, Final | Text, new byte[random.Next(60_000, 70_000)]),
            _ => random.Mutate(Frame(random, Final | Text, payload)),
        };
    }

    private static byte[] Frame(Random random, int first, ReadOnlySpan<byte> payload) =>
        WebSocketFrames.Make((byte)first, payload, (uint)random.Next());
}
