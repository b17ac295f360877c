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
    public async Task Listener_AnAddressWithAControlCharacter_Is400AndNoError(string target) => await IsRefusedAsync(_server.Listener, target);

    [TestCase("/.well-known/teapots-teal-metadata/?x={0}")]
    [TestCase("/websocket?x={0}")]
    public async Task Dispatcher_AnAddressWithAControlCharacter_Is400AndNoError(string target) => await IsRefusedAsync(_server.Dispatcher, target);

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
