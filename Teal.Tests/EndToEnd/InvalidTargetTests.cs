using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>An address with a control character is refused, whatever would be done with it.</summary>
public sealed class InvalidTargetTests
{
    private TestServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await TestServer.StartAsync();

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("/callback?state=s&x={0}")]
    [TestCase("/callback?state=B1001www.example.org&x={0}")]
    [TestCase("/callback/?x={0}")]
    [TestCase("/callback/{0}")]
    [TestCase("/raw-callback/?x={0}")]
    [TestCase("/powens-webhook/{0}/E/?x={0}")]
    [TestCase("/{0}")]
    public async Task Listener_AnAddressWithAControlCharacter_Is400AndNoError(string target) =>
        await IsRefusedAsync(_server.Listener, target);

    [TestCase("/.well-known/teapots-teal-metadata/?x={0}")]
    [TestCase("/websocket?x={0}")]
    public async Task Dispatcher_AnAddressWithAControlCharacter_Is400AndNoError(string target) =>
        await IsRefusedAsync(_server.Dispatcher, target);

    [TestCase("GET /callback?state=a HTTP/1.1\r\n\r\n", 400, "one Host", TestName = "{m}(no host)")]
    [TestCase("GET /callback?state=a b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "no blanks", TestName = "{m}(a blank)")]
    [TestCase("GET /callback?state=\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "ASCII", TestName = "{m}(not ASCII)")]
    [TestCase(
        "GET /callback HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400, "no valid HTTP request",
        TestName = "{m}(a length that is none)")]
    [TestCase("GET /callback HTTP/3.7\r\nHost: x\r\n\r\n", 505, "versions 1.1 and 2", TestName = "{m}(another version)")]
    [TestCase("GET /callback?state=LONG HTTP/1.1\r\nHost: x\r\n\r\n", 414, "address is too long", TestName = "{m}(a long line)")]
    [TestCase("GET /callback HTTP/1.1\r\nHost: x\r\nCookie: LONG\r\n\r\n", 431, "headers are too large", TestName = "{m}(long headers)")]
    public async Task Server_WhatIsNoRequest_IsRefusedWithAnIdATextAndNoStoreBehindTheAnswersBefore(string request, int status, string text)
    {
        foreach (var server in new[] { _server.Listener, _server.Dispatcher })
        {
            var answers = await SendAsync(
                server,
                "GET /nowhere HTTP/1.1\r\nHost: x\r\nX-Request-ID: before\r\n\r\n"
                    + request.Replace("LONG", new string('a', 70_000), StringComparison.Ordinal));

            answers.Should().HaveCount(2);
            answers[0].Should().Contain("HTTP/1.1 404").And.Contain("X-Request-ID: before").And.EndWith("Not Found");
            answers[1].Should().StartWith($" {status} ").And.MatchRegex("\r\nX-Request-ID: [0-9A-Z]+:0+\r\n")
                .And.ContainAll("\r\nCache-Control: no-store\r\n", "\r\nConnection: close\r\n", text);
            answers[1].Should().MatchRegex($"\r\nContent-Length: {answers[1].Split("\r\n\r\n")[1].Length}\r\n");
        }
    }

    // What is answered until the server ends the connection, but for the version of each answer.
    private static async Task<string[]> SendAsync(Uri server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port).WithinLimit();
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request)).AsTask().WithinLimit();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answers = await reader.ReadToEndAsync().WithinLimit();
        return answers.Split("\nHTTP/1.1");
    }

    private async Task IsRefusedAsync(Uri server, string target)
    {
        // The web server refuses some itself, and some only in a path.
        foreach (var character in "\u0001\t\u000b\r\u001f\u007f")
        {
            var answer = await RawHttp.SendAsync(server, "GET", target.Replace("{0}", $"a{character}b", StringComparison.Ordinal), []);
            answer.Status.Should().Be(400, "of character {0}", (int)character);
        }

        _server.Log.Lines.Should().NotContain(static line => line.Level >= LogLevel.Error);
    }
}
