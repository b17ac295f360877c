using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Bodies that their senders compressed (specification 2.3).</summary>
public sealed class ContentCodingTests
{
    private const string Webhook = "/powens-webhook/budgea.biapi.pro/USER_SYNCED";

    private TestServer _server = null!;
    private TestClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await TestServer.StartAsync();
        _client = await TestClient.ConnectAsync(_server.Dispatcher);
        await _client.SendAsync(new { register_to = new { type = "powens_domain", powens_domain = "budgea" } });
        await _client.SettleAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TestCase("gzip")]
    [TestCase("x-gzip")]
    [TestCase("GZIP, identity")]
    [TestCase("deflate")]
    [TestCase("deflate, bare")]
    [TestCase("br")]
    [TestCase("identity")]
    public async Task Post_ABodyInACoding_IsTakenAsItWas(string coding)
    {
        // Of text that compresses a little, short and long.
        foreach (var length in new[] { 1, 500, 70_000, 1_000_000 })
        {
            var text = string.Concat(Enumerable.Range(0, length / 10 + 1).Select(static i => $"{i * 7919 % 1_000_003:D9} "))[..length];

            (await PostAsync(Webhook, Encode(coding, text), coding.Replace(", bare", "", StringComparison.Ordinal)))
                .Status.Should().Be(204);

            JsonDocument.Parse((await _client.ReceiveAsync())!).RootElement.GetProperty("payload").GetString().Should().Be(text);
        }
    }

    [TestCase("/openid-ciba-callback", "{\"auth_req_id\":\"r\"}")]
    [TestCase("/callback", "state=s")]
    public async Task Post_OthersBodiesInACoding_AreTaken(string target, string body)
    {
        await _server.BindAsync("s");

        (await PostAsync(target, Encode("gzip", body), "gzip")).Status.Should().Be(204);
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task Post_WhatIsNotInItsCoding_Is415AndRaisesNothing(string coding)
    {
        var encoded = Encode(coding, string.Concat(Enumerable.Range(0, 1000)));
        foreach (var body in new[] { "{}"u8.ToArray(), encoded[..^20], [.. encoded[..100], 255, 255, 255, 255, .. encoded[104..]] })
        {
            var answer = await PostAsync(Webhook, body, coding);
            answer.Status.Should().Be(415, Convert.ToHexString(body.AsSpan(0, Math.Min(10, body.Length))));
            answer["Accept-Encoding"].Should().Be("gzip, deflate, br");
        }

        await _client.ReceivesNothingAsync();
    }

    [TestCase("zstd")]
    [TestCase("gzip, br")]
    [TestCase("gzip, gzip")]
    [TestCase("chunked")]
    public async Task Post_ACodingThatIsNotKnown_Is415(string coding)
    {
        var answer = await PostAsync(Webhook, "{}"u8.ToArray(), coding);
        answer.Status.Should().Be(415);
        answer["Accept-Encoding"].Should().Be("gzip, deflate, br");
        await _client.ReceivesNothingAsync();
    }

    [TestCase(2 * 1024 * 1024)]
    [TestCase(900_000)]
    [TestCase(100_000_000)]
    public async Task Post_ABodyThatGrowsOutOfAllProportion_Is413(int length) =>
        (await PostAsync(Webhook, Encode("gzip", new string('a', length)), "gzip")).Status.Should().Be(413);

    [Test]
    public async Task Post_ManyCompressedBodiesAtOnce_AllAreAnswered()
    {
        var random = new Random(4);
        var body = Encode("gzip", string.Concat(Enumerable.Range(0, 150_000).Select(_ => $"{random.Next(10)}{random.Next(10)} ")));
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => PostAsync(Webhook, body, "gzip"))).WithinLimit();
        answers.Should().OnlyContain(static answer => answer.Status == 204);
    }

    private static byte[] Encode(string coding, string text)
    {
        using var encoded = new MemoryStream();
        using (Stream stream = coding switch
        {
            "identity" => new BufferedStream(encoded),
            "deflate" => new ZLibStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
            "deflate, bare" => new DeflateStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
            _ => new GZipStream(encoded, CompressionLevel.SmallestSize, leaveOpen: true),
        })
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return encoded.ToArray();
    }

    private Task<RawResponse> PostAsync(string target, byte[] body, string coding) => RawHttp.SendAsync(
        _server.Listener, "POST", target, [
            "Authorization: Bearer t", $"Content-Encoding: {coding}",
            .. target == "/callback" ? ["Content-Type: application/x-www-form-urlencoded"] : Array.Empty<string>()], body);
}
