using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>HTTP/2 without TLS, as proxies speak it that know beforehand (RFC 9113 section 3.3), on the addresses of HTTP/1.1.</summary>
public sealed class Http2Tests
{
    private readonly HttpClient _http =
        new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    private TestServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await TestServer.StartAsync();

    [TearDown]
    public async Task Stop()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Requests_ManyAtOnceOnOneConnection_AreAllAnsweredAndRaiseTheirEvents()
    {
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher);
        await client.BindAsync("s");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => _http.GetAsync(new Uri(_server.Listener, $"/callback?state=s&n={i}.")))).WithinLimit();

        foreach (var answer in answers)
        {
            (answer.StatusCode, answer.Version).Should().Be((HttpStatusCode.NoContent, HttpVersion.Version20));
            answer.Headers.Contains("X-Request-ID").Should().BeTrue();
        }

        var received = new HashSet<string>();
        for (var i = 0; i < answers.Length; i++) received.Add((await client.ReceiveAsync())!);
        received.Should().HaveCount(50);
        await client.ReceivesNothingAsync();
    }

    [TestCase("POST", "/openid-ciba-callback", 401)]
    [TestCase("GET", "/callback?state=nope", 404)]
    [TestCase("DELETE", "/callback", 405)]
    [TestCase("GET", "/callback/?state=s", 307)]
    public async Task Listener_WhateverIsAsked_AnswersAsInHttp1(string method, string target, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_server.Listener, target))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler);

        using var answer = await http.SendAsync(request).WithinLimit();

        ((int)answer.StatusCode).Should().Be(status);
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Test]
    public async Task Body_LargerThanTheLimit_Is413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Listener, "/powens-webhook/budgea.biapi.pro/X"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("Authorization", "Bearer x");
        request.Content = new ByteArrayContent(new byte[2 * 1024 * 1024]);

        using var answer = await _http.SendAsync(request).WithinLimit();

        answer.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Test]
    public async Task Body_ThatDoesNotCome_EndsItsOwnRequestOnly()
    {
        await _server.DisposeAsync();
        _server = await TestServer.StartAsync(new Dictionary<string, string> { ["Http:BodyTimeout"] = "7 s" });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Listener, "/openid-ciba-callback"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("Authorization", "Bearer x");
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler)
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var body = new System.IO.Pipelines.Pipe();
        await body.Writer.WriteAsync("{"u8.ToArray());
        request.Content = new StreamContent(body.Reader.AsStream());
        var sending = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        // Longer than the web server waits before it would end the connection.
        while (!sending.IsCompleted)
        {
            (await http.GetAsync(new Uri(_server.Listener, "/callback?state=nope")).WithinLimit())
                .StatusCode.Should().Be(HttpStatusCode.NotFound);
            await Task.WhenAny(sending, Task.Delay(100));
        }

        (await http.GetAsync(new Uri(_server.Listener, "/callback?state=nope")).WithinLimit())
            .StatusCode.Should().Be(HttpStatusCode.NotFound);
        connections.Should().Be(1, "the others' connection is the same");
        _server.Log.Lines.Should().Contain(static line => line.Id.Id == 2031 && line.Text.Contains("TooSlow", StringComparison.Ordinal));
        await body.Writer.CompleteAsync();
    }

    [Test]
    public async Task Streams_ResetAsSoonAsTheyBegin_WriteNoLines()
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(_server.Listener.Host, _server.Listener.Port).WithinLimit();
        using var frames = new MemoryStream();
        frames.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        frames.Write([0, 0, 0, 4, 0, 0, 0, 0, 0]);
        for (var stream = 1; stream < 4000; stream += 2)
        {
            // HEADERS: GET, http, /; then RST_STREAM.
            byte[] id = [0, 0, (byte)(stream >> 8), (byte)stream];
            frames.Write([0, 0, 6, 1, 5, .. id, 0x82, 0x86, 0x84, 0x41, 0x01, (byte)'x', 0, 0, 4, 3, 0, .. id, 0, 0, 0, 8]);
        }

        await client.GetStream().WriteAsync(frames.ToArray()).AsTask().WithinLimit();
        await Eventually.HoldsAsync(
            async () =>
                (await _http.GetAsync(new Uri(_server.Listener, "/callback?state=nope"))).StatusCode == HttpStatusCode.NotFound
                    && await EndsAsync(client), "an end of that connection");

        _server.Log.Lines.Should().NotContain(static line => line.Level >= LogLevel.Warning);
    }

    [Test]
    public async Task Dispatcher_AHandshake_IsRefusedWithoutALine()
    {
        (await _http.GetAsync(new Uri(_server.Dispatcher, "/.well-known/teapots-teal-metadata")).WithinLimit())
            .StatusCode.Should().Be(HttpStatusCode.OK);
        using var answer = await _http.GetAsync(new Uri(_server.Dispatcher, "/websocket")).WithinLimit();

        answer.StatusCode.Should().Be(HttpStatusCode.UpgradeRequired);
        answer.Headers.Contains("X-Request-ID").Should().BeTrue();
        _server.Log.Lines.Should().NotContain(
            static line => line.Level >= LogLevel.Warning && line.Category.StartsWith("Microsoft", StringComparison.Ordinal));
    }

    [TestCase("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nand then no frame at all", TestName = "{m}(junk behind the preface)")]
    [TestCase("PRI * HTTP/1.1\r\nHost: x\r\n\r\n", TestName = "{m}(a method like the preface)")]
    public async Task Connection_ThatOnlyBeginsAsHttp2_IsEndedAndNobodyElseNotices(string text)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(_server.Listener.Host, _server.Listener.Port).WithinLimit();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask().WithinLimit();
        using var answer = new MemoryStream();
        await client.GetStream().CopyToAsync(answer).WithinLimit();

        (await _http.GetAsync(new Uri(_server.Listener, "/callback?state=nope")).WithinLimit())
            .StatusCode.Should().Be(HttpStatusCode.NotFound);
        _server.Log.Lines.Should().NotContain(static line => line.Level >= LogLevel.Error);
    }

    private static async Task<bool> EndsAsync(System.Net.Sockets.TcpClient client)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            return await client.GetStream().ReadAsync(new byte[64 * 1024], limit.Token) == 0;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return exception is IOException;
        }
    }

    [Test]
    public async Task Stop_WithAnOpenConnection_IsNotHeldUp()
    {
        (await _http.GetAsync(new Uri(_server.Listener, "/callback?state=nope")).WithinLimit())
            .StatusCode.Should().Be(HttpStatusCode.NotFound);

        await _server.StopAsync().WaitAsync(TimeSpan.FromSeconds(5));
    }
}
