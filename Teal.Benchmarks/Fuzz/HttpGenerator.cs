using System.Globalization;
using System.Text;

namespace Teal.Benchmarks.Fuzz;

/// <summary>
/// Requests byte by byte: request lines, headers, bodies, line ends, chunks and pipelines, right and wrong. Behind most of them comes a
/// request that is right, which shows where the server believes that the one before ended.
/// </summary>
internal sealed class HttpGenerator : IFuzzGenerator
{
    private const string Sentinel = "GET /health/live HTTP/1.1\r\nHost: sentinel\r\nConnection: close\r\n\r\n";

    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(30), Limit = TimeSpan.FromSeconds(10);

    private static readonly string[] Methods =
    [
        "GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get", "G\u00c9T", "", "PRI",
        "M-SEARCH",
    ];

    private static readonly string[] Paths =
    [
        "/callback", "/callback", "/callback", "/errback", "/raw-callback", "/openid-ciba-callback", "/powens-webhook/fuzz.biapi.pro/E",
        "/powens-webhook/fuzz/E", "/powens-webhook/fuzz.biapi.pro/E/", "/robots.txt", "/favicon.ico", "/health/live", "/health/ready", "/",
        "/websocket", "/.well-known/teapots-teal-metadata", "//callback", "/callback/", "/CALLBACK", "/%63allback", "/callback%2f",
        "/./callback", "/a/../callback", "*", "http://localhost/callback", "https://evil.example/callback", "localhost:80", "",
    ];

    private static readonly string[] Parts =
    [
        "state=fuzz", "state=fuzz", "state=unknown", "state=", "state", "code=1", "x=%0d%0aX-Injected:%201", "x=%00", "x=%", "x=%zz",
        "x=\u20ac", "x=a+b", "=", "error=access_denied", "response=a.b.c", "state=B1021budgea_1", "state=B1b02localhost",
        "state=B1001app.example.org_", "full_url=http%3A%2F%2Flocalhost%2Fcallback%3Fstate%3Dfuzz%23a%3Db",
        "full_url=http%3A%2F%2Flocalhost%2Fcallback%23state%3Dfuzz", "full_url=%2F%2Fevil.example", "full_url=a", "#state=fuzz",
        "?state=fuzz", ";state=fuzz",
    ];

    private static readonly string[] Headers =
    [
        "Host: localhost", "Host:", "Host: a b", "Host: evil.example:1", "Accept: text/html", "Accept: */*;q=x", "User-Agent: fuzz",
        "Referer: https://app.example.org/", "Cookie: a=b", "Authorization: Bearer a", "Authorization: Basic YTpi", "Authorization: bearer",
        "Authorization:", "Connection: close", "Connection: keep-alive, upgrade", "Upgrade: websocket", "Upgrade: h2c",
        "Expect: 100-continue", "Expect: x", "Content-Type: application/json", "Content-Encoding: gzip", "Content-Length: 0",
        "Content-Length: 19", "Content-Length: +19", "Content-Length: -1", "Content-Length: 19, 19", "Content-Length: 99999999999999999999",
        "Content-Length : 5", "Transfer-Encoding: chunked", "Transfer-Encoding: Chunked", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: \u000bchunked", "Trailer: X", "TE: trailers",
        "X-Forwarded-Proto: javascript", "X-Forwarded-Host: evil.example", "X-Forwarded-Prefix: //evil.example", "X-Forwarded-For: 1.2.3.4",
        "Forwarded: for=1", "BI-Signature: AAAA", "BI-Signature-Date: 2026-01-01T00:00:00Z", "BI-Signature-Date: x", "X: a\r\n b", "X",
        ": a", "X\0: a", "X: \u00e9", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "Range: bytes=0-1",
        "If-None-Match: *", "Sec-Purpose: prefetch", "Origin: https://evil.example",
    ];

    private static readonly string[] Versions = ["HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "http/1.1", "HTTP/1.1 ", "", "HTTP/11"];

    private static readonly string[] PackedParts = ["0", "1", "2", "3", "b", ".", "-", "_", HttpAnswers.RedirectHost, "budgea", "%00"];

    public string Name => "http";

    public int Workers => 8;

    public FuzzInput Make(Random random)
    {
        var whole = new List<byte>();
        for (var requests = random.Happens(0.2) ? random.Next(2, 5) : 1; requests > 0; requests--) whole.AddRange(MakeRequest(random));
        var bytes = whole.ToArray();
        if (random.Happens(0.4)) bytes = random.Mutate(bytes);
        if (random.Happens(0.9)) bytes = [.. bytes, .. Encoding.ASCII.GetBytes(Sentinel)];
        var cut = random.Next(bytes.Length + 1);
        byte[][] pieces = random.Happens(0.2) ? [bytes[..cut], bytes[cut..]] : [bytes];
        return new FuzzInput(
            pieces, random.Next(10) switch { < 6 => FuzzEnd.HalfClose, < 9 => FuzzEnd.Wait, _ => FuzzEnd.Reset }, random.Happens(0.25));
    }

    public async Task<FuzzOutcome> TryAsync(FuzzInput input, FuzzTarget target, CancellationToken cancellationToken)
    {
        using var connection = await RawConnection.OpenAsync(target.PortFor(input), target.From, cancellationToken);
        if (connection is null) return FuzzOutcome.Nothing;

        foreach (var piece in input.Pieces) await connection.SendAsync(piece, cancellationToken);
        if (input.End == FuzzEnd.Reset) return FuzzOutcome.Nothing;

        if (input.End == FuzzEnd.HalfClose) connection.EndSending();
        await connection.ReadAsync(static _ => false, input.End == FuzzEnd.HalfClose ? Limit : Silence, Limit, cancellationToken);
        if (input.End == FuzzEnd.HalfClose && !connection.HasEnded)
            return new FuzzOutcome(connection.Received, 0, "a connection on which nothing more can come did not end");

        var mayHaveNoBody = input.Pieces.SelectMany(static piece => piece).ToArray().AsSpan().IndexOf("HEAD "u8) >= 0;
        return HttpAnswers.Judge(connection.Received, connection.IsBroken || !connection.HasEnded, mayHaveNoBody);
    }

    private static byte[] MakeRequest(Random random)
    {
        var isPost = random.Happens(0.35);
        var lineEnd = random.Happens(0.05) ? random.Pick(["\n", "\r", "\r\n\r\n", "\n\r"]) : "\r\n";
        var text = new StringBuilder();
        text.Append(random.Happens(0.7) ? isPost ? "POST" : "GET" : random.Pick(Methods)).Append(random.Happens(0.02) ? "\t" : " ");
        text.Append(MakeTarget(random, isPost)).Append(random.Happens(0.02) ? "" : " ");
        text.Append(random.Happens(0.9) ? "HTTP/1.1" : random.Pick(Versions)).Append(lineEnd);
        if (random.Happens(0.95)) text.Append("Host: localhost").Append(lineEnd);
        if (isPost) text.Append("Authorization: Bearer a").Append(lineEnd);
        for (var count = random.Next(5); count > 0; count--) text.Append(random.Pick(Headers)).Append(lineEnd);
        if (random.Happens(0.01)) text.Append("X-Long: ").Append('a', random.Next(40_000)).Append(lineEnd);
        if (random.Happens(0.01)) text.Insert(text.Length, $"X-Many: 1{lineEnd}", random.Next(300));
        return [.. Encoding.UTF8.GetBytes(text.ToString()), .. MakeBody(random, isPost, lineEnd)];
    }

    private static string MakeTarget(Random random, bool isPost)
    {
        var path = isPost && random.Happens(0.8)
            ? random.Pick(["/openid-ciba-callback", "/powens-webhook/fuzz.biapi.pro/E"])
            : random.Pick(Paths);
        if (random.Happens(0.05)) path += $"&{random.Pick(Parts)}";
        var parts =
            from _ in Enumerable.Range(0, random.Next(4))
            select random.Happens(0.1) ? $"state={MakeFreestanding(random)}" : random.Pick(Parts);
        var query = string.Join('&', parts);
        if (random.Happens(0.01)) query += $"&x={new string('a', random.Next(70_000))}";
        return query.Length > 0 ? $"{path}?{query}" : path;
    }

    // States that say themselves where they lead.
    private static string MakeFreestanding(Random random)
    {
        if (random.Happens(0.4))
            return $"B1{string.Concat(from _ in Enumerable.Range(0, random.Next(20)) select random.Pick(PackedParts))}";

        string[] urls =
        [
            "https://app.example.org/", "https://app.example.org@evil.example/", "https://evil.example\\@app.example.org/",
            "https://app.example.org:80:80/", "http://a.biapi.pro/?a=b#c", "https://evil.example/.biapi.pro", "//evil.example",
            "javascript:alert(1)", "https://app.example.org\r\nX-Injected: 1", "https:app.example.org", "https:///evil.example",
            "https://[::1]/", "https://app%2eexample.org/", "\u0001https://app.example.org", "https://a.biapi.pro\t.evil.example/",
        ];
        var url = random.Pick(urls).Replace("\\", "\\\\", StringComparison.Ordinal);
        var json = Encoding.UTF8.GetBytes(JsonMaker.Object(random, ("redirect_uri", $"\"{url}\""), ("state", "\"a\"")));
        return Uri.EscapeDataString(Convert.ToBase64String(random.Happens(0.3) ? random.Mutate(json) : json));
    }

    private static byte[] MakeBody(Random random, bool isPost, string lineEnd)
    {
        var end = Encoding.ASCII.GetBytes(lineEnd);
        if (!isPost && random.Happens(0.9)) return end;

        var body = JsonMaker.ToBytes(
            random, JsonMaker.Object(random, ("auth_req_id", "\"fuzz\""), ("access_token", "\"a\""), ("token_type", "\"Bearer\"")));
        if (random.Happens(0.6))
        {
            var length = random.Happens(0.9) ? body.Length : random.Next(body.Length * 2);
            return [.. Encoding.ASCII.GetBytes($"Content-Length: {length}{lineEnd}"), .. end, .. body];
        }

        return [.. Encoding.ASCII.GetBytes($"Transfer-Encoding: chunked{lineEnd}"), .. end, .. MakeChunks(random, body, lineEnd)];
    }

    private static byte[] MakeChunks(Random random, byte[] body, string lineEnd)
    {
        var chunks = new List<byte>();
        while (body.Length > 0)
        {
            var part = body[..random.Next(1, body.Length + 1)];
            body = body[part.Length..];
            var size = random.Happens(0.03)
                ? random.Pick(["80000000", "7fffffff", "ffffffffffffffff", "-1", "+1", "0x1", "", "1 ", " 1", "g", "00000000000000000001"])
                : part.Length.ToString("x", CultureInfo.InvariantCulture);
            var extension = random.Happens(0.05) ? random.Pick([";a", ";a=b", ";a=\"b\"", ";a\n", ";a\rb", ";", " ;a"]) : "";
            chunks.AddRange(Encoding.ASCII.GetBytes($"{size}{extension}{lineEnd}"));
            chunks.AddRange(part);
            if (random.Happens(0.99)) chunks.AddRange(Encoding.ASCII.GetBytes(lineEnd));
        }

        if (random.Happens(0.95))
            chunks.AddRange(Encoding.ASCII.GetBytes($"0{lineEnd}{(random.Happens(0.1) ? $"X-Injected: 1{lineEnd}" : "")}{lineEnd}"));
        return [.. chunks];
    }
}
