using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>HTTP/2 without TLS, as proxies speak it that know beforehand (RFC 9113 section 3.3), on the addresses of HTTP/1.1.</summary>
public sealed class Http2Tests
{
    private readonly HttpClient _http = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
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

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _http.GetAsync(new Uri(_server.Listener, $"/callback?state=s&n={i}.")))).WithinLimit();

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
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_server.Listener, target)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler);

        using var answer = await http.SendAsync(request).WithinLimit();

        ((int)answer.StatusCode).Should().Be(status);
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Test]
    public async Task Body_LargerThanTheLimit_Is413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Listener, "/powens-webhook/budgea.biapi.pro/X")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Add("Authorization", "Bearer x");
        request.Content = new ByteArrayContent(new byte[2 * 1024 * 1024]);

        using var answer = await _http.SendAsync(request).WithinLimit();

        answer.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Test]
    public async Task Dispatcher_AHandshake_IsRefusedWithoutALine()
    {
        (await _http.GetAsync(new Uri(_server.Dispatcher, "/.well-known/teapots-teal-metadata")).WithinLimit()).StatusCode.Should().Be(HttpStatusCode.OK);
        using var answer = await _http.GetAsync(new Uri(_server.Dispatcher, "/websocket")).WithinLimit();

        answer.StatusCode.Should().Be(HttpStatusCode.UpgradeRequired);
        answer.Headers.Contains("X-Request-ID").Should().BeTrue();
        _server.Log.Lines.Should().NotContain(static line => line.Level >= LogLevel.Warning && line.Category.StartsWith("Microsoft", StringComparison.Ordinal));
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

        (await _http.GetAsync(new Uri(_server.Listener, "/callback?state=nope")).WithinLimit()).StatusCode.Should().Be(HttpStatusCode.NotFound);
        _server.Log.Lines.Should().NotContain(static line => line.Level >= LogLevel.Error);
    }

    [Test]
    public async Task Stop_WithAnOpenConnection_IsNotHeldUp()
    {
        (await _http.GetAsync(new Uri(_server.Listener, "/callback?state=nope")).WithinLimit()).StatusCode.Should().Be(HttpStatusCode.NotFound);

        await _server.StopAsync().WaitAsync(TimeSpan.FromSeconds(5));
    }
}
