using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>What machines send: CIBA notifications and Powens webhooks (specification 2.3, 2.4), and what is hostile of it.</summary>
public sealed class NotificationTests
{
    private const string Ciba = "/openid-ciba-callback", Webhook = "/powens-webhook/budgea.biapi.pro/USER_CREATED";
    private const string Bearer = "Authorization: Bearer AbC-._~+/=";

    private TestServer _server = null!;
    private TestClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["Listener:PowensSecrets:secured"] = "top é secret",
            ["Http:MinimumBodyRate"] = "1 MiB",
        });
        _client = await TestClient.ConnectAsync(_server.Dispatcher);
        await _client.SendAsync("{\"register_to\":{\"type\":\"openid_ciba_callback\",\"request_id\":\"r\"}}");
        await _client.SendAsync("{\"register_to\":{\"type\":\"powens_domain\",\"powens_domain\":\"budgea\"}}");
        await _client.SendAsync("{\"register_to\":{\"type\":\"powens_domain\",\"powens_domain\":\"secured.biapi.pro\"}}");
        await _client.SettleAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task PostCiba_APing_Gets204AndItsEvent()
    {
        var answer = await PostAsync(Ciba, "{\"auth_req_id\":\"r\"}", Bearer, "Content-Type: application/json");

        answer.Status.Should().Be(204);
        answer.Bytes.Should().BeEmpty();
        (await _client.ReceiveAsync()).Should().MatchRegex(
            """^\{"type":"openid_ciba_callback","timestamp":"[^"]{26}","request_id":"r","access_token":"AbC-._~\+/=","push_token":null,"push_error":null\}$""");
    }

    [TestCase(null)]
    [TestCase("Authorization: Bearer")]
    [TestCase("Authorization: Bearer ")]
    [TestCase("Authorization: Bearer x y")]
    [TestCase("Authorization: Bearer a b")]
    [TestCase("Authorization: Bearer a:b")]
    [TestCase("Authorization: Basic eA==")]
    public async Task PostCiba_WithoutAToken_Gets401WithAChallenge(string? header)
    {
        var answer = await PostAsync(Ciba, "{\"auth_req_id\":\"r\"}", header is null ? [] : [header]);

        answer.Status.Should().Be(401);
        answer["WWW-Authenticate"].Should().Be("Bearer");
        answer.Body.Should().Be("Invalid authentication\n");
        await _client.ReceivesNothingAsync();
    }

    [Test]
    public async Task PostCiba_ATokenOf1024Characters_IsTakenAndALongerOneNot()
    {
        (await PostAsync(Ciba, "{\"auth_req_id\":\"r\"}", $"Authorization: bearer {new string('x', 1024)}")).Status.Should().Be(204);
        (await PostAsync(Ciba, "{\"auth_req_id\":\"r\"}", $"Authorization: Bearer {new string('x', 1025)}")).Status.Should().Be(401);
    }

    [TestCase("application/x-www-form-urlencoded", "auth_req_id=r")]
    [TestCase("application/xml", "<auth_req_id>r</auth_req_id>")]
    [TestCase("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"auth_req_id\"\r\n\r\nr\r\n--x--")]
    [TestCase("application/json", "{\"auth_req_id\":\"r\",\"auth_req_id\":\"x\"}")]
    public async Task PostCiba_WhatIsNoNotification_Gets400(string contentType, string body)
    {
        var answer = await PostAsync(Ciba, body, Bearer, $"Content-Type: {contentType}");

        answer.Status.Should().Be(400);
        answer.Body.Should().Be("Invalid payload\n");
        await _client.ReceivesNothingAsync();
    }

    [TestCase("GET")]
    [TestCase("HEAD")]
    [TestCase("PUT")]
    public async Task OtherMethods_AreRefused(string method)
    {
        foreach (var path in new[] { Ciba, Webhook })
        {
            var answer = await RawHttp.SendAsync(_server.Listener, method, path, [Bearer], method == "PUT" ? [] : null);
            answer.Status.Should().Be(405);
            answer["Allow"].Should().Be("POST");
        }
    }

    [Test]
    public async Task PostWebhook_WithSignatureAndToken_PassesBothOn()
    {
        await PostAsync(
            Webhook + "?ignored=1", "{\"id\":1}", "BI-Signature: AQEB", "BI-Signature-Date: 2023-11-02T10:11:12.5+02:00",
            "Authorization: Bearer a token");

        (await _client.ReceiveAsync()).Should().MatchRegex(
            """^\{"type":"powens_webhook","timestamp":"[^"]{26}","domain":"budgea.biapi.pro","event":"USER_CREATED","hmac_signature":\{"signature":"AQEB","payload_prefix":"POST./powens-webhook/budgea.biapi.pro/USER_CREATED.2023-11-02T10:11:12.5\+02:00.","signature_date":"2023-11-02T10:11:12.500000\+02:00"\},"user_token":"a token","payload":"\{\\"id\\":1\}"\}$""");
    }

    [TestCase("/powens-webhook/budgea/EV", "such as: {0}powens-webhook/budgea.biapi.pro/EV")]
    [TestCase("/powens-webhook/.biapi.pro/EV", "suffix")]
    [TestCase("/powens-webhook/budgea.BIAPI.pro/EV", "suffix")]
    public async Task PostWebhook_ToAWrongDomain_IsToldTheRightUrl(string path, string text)
    {
        var answer = await PostAsync(path, "{}", "Authorization: Bearer x");

        answer.Status.Should().Be(400);
        answer.Body.Should().Contain(string.Format(text, _server.Listener));
    }

    [TestCase("", "Webhook misconfiguration: user-scoped token or HMAC authentication required.")]
    [TestCase("BI-Signature: AQEB", "Missing signature date")]
    [TestCase("BI-Signature: !|BI-Signature-Date: x", "Signature is not valid base64")]
    [TestCase("BI-Signature: AQEB|BI-Signature-Date: yesterday", "Signature date is not ISO formatted")]
    [TestCase("BI-Signature: AQEB|BI-Signature-Date: 2023-11-02T10:11:12", "Signature date is missing a timezone")]
    [TestCase("Authorization: Basic eA==", "Unhandled authorization type 'Basic'")]
    [TestCase("Authorization: Bearer", "Missing user-scoped token")]
    public async Task PostWebhook_WithoutAuthentication_SaysWhatIsMissing(string headers, string text)
    {
        var answer = await PostAsync(Webhook, "{}", headers.Split('|', StringSplitOptions.RemoveEmptyEntries));

        answer.Status.Should().Be(400);
        answer.Body.Should().Be(text + "\n");
        await _client.ReceivesNothingAsync();
    }

    [Test]
    public async Task PostWebhook_ToADomainWithASecret_NeedsAValidSignature()
    {
        const string Path = "/powens-webhook/secured.biapi.pro/USER%20CREATED",
            Date = "2023-11-02T10:11:12Z", Body = "{\"é\":\"\\u0000\"}\r\n";
        var right = Convert.ToBase64String(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes("top é secret"), Encoding.UTF8.GetBytes($"POST.{Path}.{Date}.{Body}")));

        (await PostAsync(Path, Body, $"BI-Signature: {right}", $"BI-Signature-Date: {Date}")).Status.Should().Be(204);
        (await _client.ReceiveAsync()).Should().Contain("\"event\":\"USER CREATED\"");

        foreach (var headers in new string[][]
        {
            [$"BI-Signature: {right}", "BI-Signature-Date: 2023-11-02T10:11:13Z"], ["BI-Signature: AQEB", $"BI-Signature-Date: {Date}"],
            ["Authorization: Bearer token"], ["BI-Signature: ", $"BI-Signature-Date: {Date}", "Authorization: Bearer token"],
        })
        {
            var refused = await PostAsync(Path, Body, headers);
            refused.Status.Should().Be(401);
            refused["WWW-Authenticate"].Should().NotBeNull();
        }

        (await PostAsync(Path, Body + " ", $"BI-Signature: {right}", $"BI-Signature-Date: {Date}")).Status.Should().Be(401);
        await _client.ReceivesNothingAsync();
    }

    [Test]
    public async Task PostWebhook_BelowAPublicPrefix_SignsThePathThatTheSenderKnows()
    {
        await using var server = await TestServer.StartAsync(
            new Dictionary<string, string> { ["Listener:PublicUrl"] = "https://example.org/teal" });
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.SendAsync("{\"register_to\":{\"type\":\"powens_domain\",\"powens_domain\":\"budgea\"}}");
        await client.SettleAsync();

        foreach (var path in new[] { Webhook, "/teal" + Webhook })
        {
            await RawHttp.SendAsync(
                server.Listener, "POST", path, ["BI-Signature: AQEB", "BI-Signature-Date: 2023-11-02T10:11:12Z"], "{}"u8.ToArray());
            (await client.ReceiveAsync()).Should().Contain($"\"payload_prefix\":\"POST./teal{Webhook}.2023");
        }
    }

    [Test]
    public async Task PostWebhook_TenThousandRandomBodies_ArriveWithTheSameHash()
    {
        const int Count = 10_000, AtOnce = 100;
        var random = new Random(41);
        using var http = new HttpClient { BaseAddress = _server.Listener };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer x");
        for (var done = 0; done < Count; done += AtOnce)
        {
            var bodies = Enumerable.Range(0, AtOnce).Select(_ => RandomText(random)).ToArray();
            var sent = bodies.Select(Hash).Order().ToArray();
            await Task.WhenAll(bodies.Select(async body =>
            {
                using var content = new ByteArrayContent(body);
                (await http.PostAsync(Webhook, content)).StatusCode.Should().Be(System.Net.HttpStatusCode.NoContent);
            })).WithinLimit();

            var received = new List<string>();
            while (received.Count < AtOnce)
            {
                using var frame = JsonDocument.Parse((await _client.ReceiveAsync())!);
                received.Add(Hash(Encoding.UTF8.GetBytes(frame.RootElement.GetProperty("payload").GetString()!)));
            }

            received.Order().Should().Equal(sent);
        }
    }

    [Test]
    public async Task Body_OverTheLimit_Gets413WithoutBeingRead()
    {
        foreach (var path in new[] { Ciba, Webhook })
        {
            var head = $"POST {path} HTTP/1.1\r\nHost: x\r\n{Bearer}\r\nContent-Length: {(1024 * 1024) + 1}\r\n\r\n";
            (await RawHttp.SendAsync(_server.Listener, Encoding.ASCII.GetBytes(head))).Status.Should().Be(413);
        }
    }

    [Test]
    public async Task Body_OfExactlyTheLimit_IsTaken()
    {
        var body = new string('x', 1024 * 1024);
        (await PostAsync(Webhook, body, Bearer)).Status.Should().Be(204);
        using var frame = JsonDocument.Parse((await _client.ReceiveAsync())!);
        frame.RootElement.GetProperty("payload").GetString().Should().Be(body);
    }

    [Test]
    public async Task ChunkedBody_IsTakenAndOverTheLimitGets413()
    {
        var chunk = new string('x', 0x8000);
        var head = $"POST {Webhook} HTTP/1.1\r\nHost: x\r\n{Bearer}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
        string Chunks(int count) => string.Concat(Enumerable.Repeat($"8000\r\n{chunk}\r\n", count)) + "0\r\n\r\n";

        (await RawHttp.SendAsync(_server.Listener, Encoding.ASCII.GetBytes(head + Chunks(2)))).Status.Should().Be(204);
        (await _client.ReceiveAsync()).Should().Contain($"\"payload\":\"{chunk}{chunk}\"");
        (await RawHttp.SendAsync(_server.Listener, Encoding.ASCII.GetBytes(head + Chunks(33)))).Status.Should().Be(413);
        (await RawHttp.SendAsync(_server.Listener, Encoding.ASCII.GetBytes(head + "zz\r\n"))).Status.Should().Be(400);
        await _client.ReceivesNothingAsync();
    }

    [Test]
    public async Task SlowBody_Gets408()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_server.Listener.Host, _server.Listener.Port).WithinLimit();
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST {Webhook} HTTP/1.1\r\nHost: x\r\n{Bearer}\r\nContent-Length: 1000\r\n\r\nx"));

        var answer = new byte[12];
        await stream.ReadExactlyAsync(answer).AsTask().WithinLimit();

        Encoding.ASCII.GetString(answer).Should().Be("HTTP/1.1 408");
    }

    [Test]
    public async Task HeaderFlood_Gets431AndTheServerLives()
    {
        var flood = Enumerable.Range(0, 90).Select(i => $"X-{i}: {new string('x', 1000)}").ToArray();
        (await RawHttp.SendAsync(_server.Listener, "POST", Webhook, flood, "{}"u8.ToArray())).Status.Should().Be(431);
        (await PostAsync(Webhook, "{}", Bearer)).Status.Should().Be(204);
    }

    [Test]
    public async Task Body_ThatIsNotUtf8_Gets400()
    {
        foreach (var body in new byte[][] { [0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0x80], [(byte)'{', 0xe2, 0x82] })
            (await RawHttp.SendAsync(_server.Listener, "POST", Webhook, [Bearer], body)).Status.Should().Be(400);
        await _client.ReceivesNothingAsync();
    }

    private static byte[] RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var length = random.Next(200); length > 0; length--)
        {
            var code =
                random.Next(4) switch
                {
                    0 => random.Next(0x80),
                    1 => random.Next(0x800),
                    2 => random.Next(0xd800),
                    _ => random.Next(0xe000, 0x110000),
                };
            text.Append(char.ConvertFromUtf32(code));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    private Task<RawResponse> PostAsync(string path, string body, params string[] headers) =>
        RawHttp.SendAsync(_server.Listener, "POST", path, headers, Encoding.UTF8.GetBytes(body));
}
