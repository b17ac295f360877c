using System.Text;

namespace Teal.Benchmarks.Fuzz;

/// <summary>Bodies of notifications and webhooks in requests that are right.</summary>
internal sealed class BodyGenerator : IFuzzGenerator
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly string[] Events = ["E", "%45", "E%20F", "%e2%82%ac", "%ff", "..", "a;b"];
    private static readonly string[] Tokens = ["", "a b", new string('a', 2000), "\u00e9", "a,b", "=="];
    private static readonly string[] Signatures = ["AAAA", "====", "!", ""];
    private static readonly string[] Dates =
    [
        "2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "x", "",
    ];
    private static readonly string[] Lifetimes = ["120", "\"120\"", "1e9", "9223372036854775807", "\"99999999999999999999\"", "-1"];

    public string Name => "bodies";

    public int Workers => 4;

    public FuzzInput Make(Random random)
    {
        var isNotification = random.Happens(0.7);
        var body = JsonMaker.ToBytes(
            random, isNotification ? MakeNotification(random) : JsonMaker.Object(random, ("id_user", "1"), ("connection", "{}")));
        if (random.Happens(0.002)) body = [.. Enumerable.Repeat((byte)random.Next(256), random.Next(1_200_000))];
        var path = isNotification ? "/openid-ciba-callback" : $"/powens-webhook/fuzz.biapi.pro/{random.Pick(Events)}";
        var authorization = $"Authorization: Bearer {(random.Happens(0.9) ? "a" : random.Pick(Tokens))}\r\n";
        var signature = isNotification || random.Happens(0.7)
            ? ""
            : $"BI-Signature: {random.Pick(Signatures)}\r\nBI-Signature-Date: {random.Pick(Dates)}\r\n";
        var head =
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}{signature}Connection: close\r\n"
                + $"Content-Length: {body.Length}\r\n\r\n";
        return new FuzzInput([Encoding.UTF8.GetBytes(head), body], FuzzEnd.Wait, IsForDispatcher: false);
    }

    public async Task<FuzzOutcome> TryAsync(FuzzInput input, FuzzTarget target, CancellationToken cancellationToken)
    {
        using var connection = await RawConnection.OpenAsync(target.PortFor(input), target.From, cancellationToken);
        if (connection is null) return FuzzOutcome.Nothing;

        foreach (var piece in input.Pieces) await connection.SendAsync(piece, cancellationToken);
        await connection.ReadAsync(static _ => false, Limit, Limit, cancellationToken);
        var outcome = HttpAnswers.Judge(connection.Received, connection.IsBroken, mayHaveNoBody: false);
        var isUnanswered = connection.Received.Length == 0 && !connection.IsBroken;
        return outcome with { Wrong = outcome.Wrong ?? (isUnanswered ? "no answer to a request that is whole" : null) };
    }

    private static string MakeNotification(Random random)
    {
        var id = ("auth_req_id", random.Happens(0.95) ? $"\"fuzz-{random.Next(4)}\"" : $"\"{new string('a', random.Next(6000))}\"");
        return random.Next(3) switch
        {
            0 => JsonMaker.Object(random, id),
            1 => JsonMaker.Object(
                random, id, ("access_token", "\"a\""), ("token_type", "\"Bearer\""), ("refresh_token", "null"),
                ("expires_in", random.Pick(Lifetimes)), ("id_token", "\"a.b.c\"")),
            _ => JsonMaker.Object(random, id, ("error", "\"access_denied\""), ("error_description", "\"no\"")),
        };
    }
}
