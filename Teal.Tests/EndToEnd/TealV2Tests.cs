using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.States;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>The messages of the subprotocol <c>teal.v2</c> (specification 3.3), on the memory store and on the embedded one.</summary>
[TestFixture("Memory")]
[TestFixture("Embedded")]
public sealed class TealV2Tests(string store) : TealV2Fixture(store)
{
    [Test]
    public async Task Connect_OfferingTealV2_SelectsIt()
    {
        await using var client = await ConnectAsync();

        ((ClientWebSocket)client.Socket).SubProtocol.Should().Be("teal.v2");
    }

    [Test]
    public async Task Register_WithAnId_IsAcknowledgedAndEventsCarryCursors()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(
            "{\"id\":\"my \\\"1\\\"\",\"create\":{\"type\":\"callback\",\"state\":\"a\",\"expires_at\":\"2999-01-01T00:00:00\"}}");
        (await ReceiveAsync(client)).GetProperty("code").GetString().Should().Be("expires_too_late");
        await client.SendAsync(Create(7, "a", register: true));

        var ack = await ReceiveAsync(client);
        ack.GetProperty("type").GetString().Should().Be("ack");
        ack.GetProperty("id").GetRawText().Should().Be("7");
        ack.GetProperty("cursor").GetString().Should().HaveLength(26);

        (await Server.GetAsync("/callback?state=a&code=1")).Status.Should().Be(204);
        var @event = await client.ReceiveAsync();
        @event.Should().MatchRegex(
            """^\{"type":"callback","timestamp":"[^"]{26}","url":"[^"]*/callback\?state=a&code=1","state":"a","cursor":"[0-9a-f]{26}"\}$""");
    }

    [TestCase("no JSON", "null")]
    [TestCase("[]", "null")]
    [TestCase("{\"id\":1,\"register\":{}}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"nothing\",\"state\":\"a\"}}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"a\",\"affter\":\"earliest\"}}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"a\",\"after\":\"junk\"}}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"a\",\"after\":1}}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"\\ud800\"}}", "1")]
    [TestCase("{\"id\":true}", "null")]
    [TestCase("{\"id\":{\"a\":1}}", "null")]
    [TestCase("{\"id\":1,\"create\":{\"type\":\"callback\",\"state\":\"a\",\"expires_at\":0,\"owner\":\"me\"}}", "1")]
    [TestCase("{\"id\":1,\"delete\":{\"type\":\"powens_domain\",\"powens_domain\":\"a\"}}", "1")]
    [TestCase("{\"id\":1,\"create\":[]}", "1")]
    [TestCase("{\"id\":1,\"register_to\":[]}", "1")]
    [TestCase("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"a\",\"tell_end\":1}}", "1")]
    [TestCase(
        "{\"id\":1,\"create\":{\"type\":\"callback\",\"state\":\"a\",\"expires_at\":\"2999-01-01\"},\"delete\":{\"type\":\"callback\","
            + "\"state\":\"a\"}}",
        "1")]
    [TestCase("{\"id\":\"é\",\"unregister_from\":{}}", "\"\\u00e9\"")]
    public async Task Send_AMessageThatIsWrong_IsAnsweredWithAnError(string message, string id)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(message);

        var error = await ReceiveAsync(client);
        error.GetProperty("type").GetString().Should().Be("error");
        error.GetProperty("id").GetRawText().Should().Be(id);
        error.GetProperty("code").GetString().Should().Be("invalid_message");
        error.GetProperty("detail").GetString().Should().NotBeEmpty();
    }

    [Test]
    public async Task Send_ABinaryMessage_IsAnsweredWithAnError()
    {
        await using var client = await ConnectAsync();
        await client.Socket.SendAsync(new byte[10], WebSocketMessageType.Binary, true, CancellationToken.None);

        (await ReceiveAsync(client)).GetProperty("code").GetString().Should().Be("invalid_message");
    }

    [Test]
    public async Task Delete_AState_ForgetsItAndItsEvents()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Create(1, "a", register: true));
        await ReceiveAsync(client);
        await Server.GetAsync("/callback?state=a&n=1");
        var cursor = CursorOf(await ReceiveAsync(client));

        await client.SendAsync("{\"id\":2,\"delete\":{\"type\":\"callback\",\"state\":\"a\"}}");
        (await ReceiveAsync(client)).GetProperty("type").GetString().Should().Be("ack");

        (await Server.GetAsync("/callback?state=a&n=2")).Status.Should().Be(404);
        await using var other = await ConnectAsync();
        await other.SendAsync(RegisterTo("a", "earliest"));
        await ReceiveAsync(other);
        await NothingMoreAsync(other);
        cursor.Should().NotBeEmpty();
    }

    [TestCase(
        """{"id":1,"register_to":{"type":"callback","state":"fresh"},"delete":{"type":"callback","state":"away"}}""", "state_not_deleted")]
    [TestCase(
        """{"id":1,"create":{"type":"callback","state":"fresh","expires_at":"EXPIRY"},"register_to":{"type":"callback","state":"fresh"},"delete":{"type":"callback","state":"away"}}""",
        "state_not_deleted")]
    [TestCase(
        """{"id":1,"create":{"type":"callback","state":"away","expires_at":"EXPIRY"},"register_to":{"type":"callback","state":"fresh"}}""",
        "state_not_stored")]
    public async Task Send_AMessageOfWhichAPartCannotBeDone_DoesNothingOfIt(string message, string code)
    {
        await Server.DisposeAsync();
        Server = await StartAsync(services => services.AddSingleton<ICallbackStateStore>(
            new FailingStore(new MemoryCallbackStateStore(new CallbackStateOptions(), TimeProvider.System))));
        await using var client = await ConnectAsync();
        await client.SendAsync(message.Replace("EXPIRY", RealClock.InAnHour.ToString("s"), StringComparison.Ordinal));

        (await ReceiveAsync(client)).GetProperty("code").GetString().Should().Be(code);

        (await Server.GetAsync("/callback?state=fresh&n=1")).Status.Should().Be(404, "it was not created");
        await Server.States.PutAsync(new CallbackState("fresh", null, false, null, "anonymous"), CancellationToken.None);
        (await Server.GetAsync("/callback?state=fresh&n=2")).Status.Should().Be(204);
        await NothingMoreAsync(client);
    }

    [Test]
    public async Task Unregister_FromATopic_StopsItsEventsOnly()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Create(1, "a", register: true));
        await client.SendAsync(Create(2, "b", register: true));
        await client.SendAsync("{\"id\":3,\"unregister_from\":{\"type\":\"callback\",\"state\":\"a\"}}");
        for (var i = 1; i <= 3; i++) (await ReceiveAsync(client)).GetProperty("id").GetInt32().Should().Be(i);

        await Server.GetAsync("/callback?state=a&n=1");
        await Server.GetAsync("/callback?state=b&n=2");

        NumberOf(await ReceiveAsync(client)).Should().Be(2);
    }

    [Test]
    public async Task Stop_TheServer_SaysDrainingAndClosesWith1001()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Create(1, "a", register: true));
        await ReceiveAsync(client);
        var stopping = Server.StopAsync();

        (await client.ReceiveAsync()).Should().Be("{\"type\":\"draining\"}");
        (await client.ReceiveAsync()).Should().BeNull();
        client.CloseStatus.Should().Be(WebSocketCloseStatus.EndpointUnavailable);
        await client.DisposeAsync();
        await stopping.WithinLimit();
    }

    [Test]
    public async Task Event_ForAClassicAndAnExtendedClient_HasTheClassicBytesForTheFirst()
    {
        await using var classic = await TestClient.ConnectAsync(Server.Dispatcher);
        await classic.BindAsync("a");
        await using var extended = await ConnectAsync();
        await extended.SendAsync(RegisterTo("a", null));
        await ReceiveAsync(extended);

        await Server.GetAsync("/callback?state=a&n=1");

        var plain = await classic.ReceiveAsync();
        (await extended.ReceiveAsync())
            .Should().MatchRegex($"^{System.Text.RegularExpressions.Regex.Escape(plain![..^1])},\"cursor\":\"[0-9a-f]{{26}}\"\\}}$");
    }

    // Cannot do what has to do with the state «away».
    private sealed class FailingStore(MemoryCallbackStateStore store) : ICallbackStateStore
    {
        public ValueTask<CallbackState?> FindAsync(string state, CancellationToken cancellationToken) =>
            store.FindAsync(state, cancellationToken);

        public ValueTask<StoreResult> PutAsync(CallbackState state, CancellationToken cancellationToken) =>
            state.State == "away" ? throw new IOException("away") : store.PutAsync(state, cancellationToken);

        public ValueTask<bool> DeleteAsync(string state, string owner, CancellationToken cancellationToken) =>
            state == "away" ? throw new IOException("away") : store.DeleteAsync(state, owner, cancellationToken);
    }
}
