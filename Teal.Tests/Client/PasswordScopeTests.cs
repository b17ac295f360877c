using Teal.Client;

namespace Teal.Tests.Client;

public sealed class PasswordScopeTests
{
    [TestCase("http://localhost:8081", "ws://localhost:8081/websocket")]
    [TestCase("http://localhost:8081", "wss://localhost/websocket")]
    [TestCase("https://teal.example.org", "wss://teal.example.org:8443/prefix/websocket")]
    [TestCase("https://TEAL.example.org", "wss://teal.Example.org/websocket")]
    [TestCase("http://[::1]:8081", "ws://[::1]:9/websocket")]
    public void Check_TheSameHost_Passes(string dispatcher, string webSocket) =>
        Check(dispatcher, dispatcher, webSocket).Should().NotThrow();

    [TestCase("http://localhost", "ws://127.0.0.1/websocket", "127.0.0.1")]
    [TestCase("https://teal.example.org", "wss://evil.example/websocket", "evil.example")]
    [TestCase("https://teal.example.org", "wss://teal.example.org.evil.example/websocket", "teal.example.org.evil.example")]
    [TestCase("https://teal.example.org", "wss://teal.example.org@evil.example/websocket", "evil.example")]
    [TestCase("https://teal.example.org", "wss://[2001:db8::1]/websocket", "[2001:db8::1]")]
    public void Check_AnotherHost_IsRefusedUnlessItIsAllowed(string dispatcher, string webSocket, string host)
    {
        var refusal = Check(dispatcher, dispatcher, webSocket).Should().Throw<TealException>().Which;
        refusal.Fault.Should().Be(TealFault.WebSocketElsewhere);
        refusal.Address!.Host.Should().Be(host);
        Check(dispatcher, dispatcher, webSocket, host).Should().NotThrow();
    }

    [Test]
    public void Check_MetadataOfAnotherHost_IsRefusedUnlessItIsAllowed()
    {
        const string Dispatcher = "https://teal.example.org",
            Answered = "https://evil.example/metadata", WebSocket = "wss://teal.example.org/websocket";

        var refusal = Check(Dispatcher, Answered, WebSocket).Should().Throw<TealException>().Which;
        refusal.Fault.Should().Be(TealFault.MetadataElsewhere);
        refusal.Address.Should().Be(new Uri(Answered));
        Check(Dispatcher, Answered, WebSocket, "evil.example").Should().NotThrow();
    }

    [TestCase("https://teal.example.org", "https://teal.example.org")]
    [TestCase("http://teal.example.org", "https://teal.example.org")]
    [TestCase("https://teal.example.org", "http://teal.example.org")]
    public void Check_ClearTextWhereHttpsWasAskedFor_IsRefused(string dispatcher, string answered) =>
        Check(dispatcher, answered, "ws://teal.example.org/websocket", "teal.example.org")
            .Should().Throw<TealException>().Which.Fault.Should().Be(TealFault.ClearText);

    [TestCase("ws://teal.example.org/websocket", true)]
    [TestCase("ws://192.0.2.1/websocket", true)]
    [TestCase("wss://teal.example.org/websocket", false)]
    [TestCase("ws://localhost:8081/websocket", false)]
    [TestCase("ws://127.0.0.1/websocket", false)]
    [TestCase("ws://[::1]/websocket", false)]
    public void IsClearText_Address_IsReadableAndLeavesTheMachine(string webSocket, bool isClearText) =>
        new Installation { WebSocketUrl = new Uri(webSocket), CallbackUrl = "", ErrbackUrl = "" }.IsClearText.Should().Be(isClearText);

    private static Action Check(string dispatcher, string answered, string webSocket, params string[] allowed)
    {
        var scope = new PasswordScope(new Uri(dispatcher), allowed);
        return () =>
        {
            scope.CheckMetadata(new Uri(answered));
            scope.CheckWebSocket(new Uri(answered), new Uri(webSocket));
        };
    }
}
