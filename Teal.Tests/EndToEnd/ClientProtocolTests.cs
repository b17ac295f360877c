using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Tests.Support;
using Teal.Web.Sessions;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// A protocol that only the tests have, beside those of the product: it takes binary messages, and asks itself who the client is.
/// </summary>
public sealed class ClientProtocolTests
{
    private EchoProtocol _protocol = null!;
    private TestServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        var settings = new Dictionary<string, string> { ["Dispatcher:MaximumMessageSize"] = "1 KiB" };
        _server = await TestServer.StartAsync(settings, configure: static services => services.AddSingleton<EchoProtocol>()
            .AddSingleton<IClientProtocol>(static provider => provider.GetRequiredService<EchoProtocol>()));
        _protocol = _server.Services.GetRequiredService<EchoProtocol>();
    }

    [TearDown]
    public ValueTask Stop() => _server.DisposeAsync();

    [Test]
    public async Task Handshake_OfAProtocolThatAuthenticatesItself_NeedsNoCredential()
    {
        using var client = await ConnectAsync("echo");
        await SendAsync(client, [1, 2], WebSocketMessageType.Binary);
        (await ReceiveAsync(client)).Should().BeEquivalentTo((WebSocketMessageType.Text, "who are you?"));

        await SendAsync(client, Encoding.ASCII.GetBytes(TestServer.Password), WebSocketMessageType.Text);
        (await ReceiveAsync(client)).Should().BeEquivalentTo((WebSocketMessageType.Text, "welcome, anonymous"));
    }

    [Test]
    public async Task Handshake_WithACredential_BringsItsIdentityAlong()
    {
        using var client = await ConnectAsync("echo", TestServer.Password);
        await SendAsync(client, [0, 255], WebSocketMessageType.Binary);

        (await ReceiveAsync(client)).Should().BeEquivalentTo((WebSocketMessageType.Binary, "\0\u00ff"));
    }

    [TestCase("echo")]
    [TestCase("teal.v2")]
    [TestCase(null)]
    public async Task Handshake_WithAWrongPassword_IsRefusedWhateverIsSpoken(string? protocol) =>
        await FluentActions.Awaiting(() => ConnectAsync(protocol, "wrong")).Should().ThrowAsync<WebSocketException>().WithMessage("*401*");

    [TestCase("teal.v2")]
    [TestCase(null)]
    public async Task Handshake_OfAnotherProtocol_StillNeedsACredential(string? protocol) =>
        await FluentActions.Awaiting(() => ConnectAsync(protocol)).Should().ThrowAsync<WebSocketException>().WithMessage("*401*");

    [Test]
    public async Task Session_WhoseClientIsNotKnown_ClosesItsChannel()
    {
        using var client = await ConnectAsync("echo");
        await SendAsync(client, "a guess"u8.ToArray(), WebSocketMessageType.Text);

        var end = await client.ReceiveAsync(new byte[1], CancellationToken.None).WithinLimit();

        end.MessageType.Should().Be(WebSocketMessageType.Close);
        client.CloseStatus.Should().Be(WebSocketCloseStatus.PolicyViolation);
        await client.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, null, CancellationToken.None).WithinLimit();
        await Eventually.HoldsAsync(() => _protocol.Ended == 1, "the session's end");
        _server.Services.GetRequiredService<ChannelTable>().Count.Should().Be(0);
    }

    [TestCase(0)]
    [TestCase(1024)]
    public async Task Message_OfBytes_ArrivesWhole(int length)
    {
        using var client = await ConnectAsync("echo", TestServer.Password);
        var message = Enumerable.Range(0, length).Select(static i => (byte)i).ToArray();
        await SendAsync(client, message, WebSocketMessageType.Binary);

        (await ReceiveAsync(client)).Text.Should().Be(Encoding.Latin1.GetString(message));
    }

    [Test]
    public async Task Message_OfTooManyBytes_ClosesTheChannel()
    {
        using var client = await ConnectAsync("echo", TestServer.Password);
        await SendAsync(client, new byte[1025], WebSocketMessageType.Binary);

        await client.ReceiveAsync(new byte[1], CancellationToken.None).WithinLimit();

        client.CloseStatus.Should().Be(WebSocketCloseStatus.MessageTooBig);
    }

    [Test]
    public async Task Server_ThatStops_TellsEachSessionAndWaitsForWhatItStillSends()
    {
        using var client = await ConnectAsync("echo", TestServer.Password);
        var stopping = _server.StopAsync();

        (await ReceiveAsync(client)).Text.Should().Be("draining");
        _protocol.LetGo.SetResult();
        (await ReceiveAsync(client)).Text.Should().Be("the last one");
        await client.ReceiveAsync(new byte[1], CancellationToken.None).WithinLimit();
        client.CloseStatus.Should().Be(WebSocketCloseStatus.EndpointUnavailable);
        await client.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, CancellationToken.None).WithinLimit();
        await stopping.WithinLimit();
        _protocol.Ended.Should().Be(1);
    }

    [Test]
    public async Task Server_ThatHasToldItsClientsOfItsEnd_TellsOneThatComesBehindThem()
    {
        _server.Services.GetRequiredService<ChannelTable>().Announce();

        using var client = await ConnectAsync("echo", TestServer.Password);

        (await ReceiveAsync(client)).Text.Should().Be("draining");
        _protocol.LetGo.SetResult();
    }

    private async Task<ClientWebSocket> ConnectAsync(string? protocol, string? password = null)
    {
        var client = new ClientWebSocket();
        if (protocol is not null) client.Options.AddSubProtocol(protocol);
        var credential = Convert.ToBase64String(Encoding.ASCII.GetBytes($"anonymous:{password}"));
        if (password is not null) client.Options.SetRequestHeader("Authorization", $"Basic {credential}");
        try
        {
            await client.ConnectAsync(
                new UriBuilder(_server.Dispatcher) { Scheme = "ws", Path = "/websocket" }.Uri, CancellationToken.None).WithinLimit();
            client.SubProtocol.Should().Be(protocol);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static Task SendAsync(ClientWebSocket client, byte[] message, WebSocketMessageType type) =>
        client.SendAsync(message, type, endOfMessage: true, CancellationToken.None).WithinLimit();

    // One character for each byte.
    private static async Task<(WebSocketMessageType Type, string Text)> ReceiveAsync(ClientWebSocket client)
    {
        var buffer = new byte[4096];
        var received = await client.ReceiveAsync(buffer, CancellationToken.None).WithinLimit();
        received.EndOfMessage.Should().BeTrue();
        return (received.MessageType, Encoding.Latin1.GetString(buffer.AsSpan(0, received.Count)));
    }

    /// <summary>Sends back what comes, once it knows who the client is.</summary>
    private sealed class EchoProtocol(IAuthenticator authenticator) : IClientProtocol
    {
        private readonly ConcurrentQueue<IClientSession> _ended = [];

        public string Subprotocol => "echo";

        public bool AuthenticatesItself => true;

        public int Ended => _ended.Count;

        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IClientSession Open(IClientChannel channel, Identity? identity) => new EchoSession(this, channel, authenticator, identity);

        private sealed class EchoSession(EchoProtocol protocol, IClientChannel channel, IAuthenticator authenticator, Identity? identity)
            : IClientSession
        {
            private static readonly CloseReason Unknown = new(WebSocketCloseStatus.PolicyViolation, "not known", SendsWaiting: true);

            private Identity? _identity = identity;

            public bool TakesBinary => true;

            public string? Protocol => "echo";

            public IReadOnlyDictionary<EventKind, int>? CountTopics() => null;

            public void Renew(Identity identity) => _identity = identity;

            public async ValueTask ReceiveAsync(ReadOnlyMemory<byte> message, bool isText)
            {
                if (_identity is not null)
                {
                    channel.Send(message.Span, isText);
                }
                else if (!isText)
                {
                    channel.Send("who are you?"u8);
                }
                else
                {
                    var credential = new Credential.Password(Identity.AnonymousName, Encoding.UTF8.GetString(message.Span));
                    var result = await authenticator.AuthenticateAsync(credential, default, CancellationToken.None);
                    _identity = (result as AuthenticationResult.Accepted)?.Identity;
                    if (_identity is null) _ = channel.CloseAsync(Unknown);
                    else channel.Send(Encoding.UTF8.GetBytes($"welcome, {_identity.Account}"));
                }
            }

            public void Drain() => channel.Send("draining"u8);

            public async Task WhenDrainedAsync()
            {
                await protocol.LetGo.Task;
                channel.Send("the last one"u8);
            }

            public void End() => protocol._ended.Enqueue(this);
        }
    }
}
