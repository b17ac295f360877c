using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Teal.Accounts.Keys;
using Teal.Accounts.OneTimePasswords;
using Teal.Accounts.Tickets;
using Teal.Core.Identities;
using Teal.Tests.Support;
using Teal.Web.Sessions;
using Teal.Web.Streams;

namespace Teal.Tests.EndToEnd;

/// <summary>Keys, one-time passwords and tickets at the dispatcher (specification 8.3).</summary>
public sealed class CredentialTests
{
    private const string Me = Identity.AnonymousName;

    private TestServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await TestServer.StartAsync(
        new Dictionary<string, string> { ["Dispatcher:AllowedOrigins"] = "https://a.example,https://b.example" },
        configure: static services => services.AddSingleton<IStartupFilter>(static provider => new EventStreamMapping((_, _) =>
        {
            var protocol = provider.GetServices<IClientProtocol>().First(static protocol => protocol.Subprotocol == "teal.v2");
            return ValueTask.FromResult<EventStreamRequest?>(new EventStreamRequest(protocol.Open));
        })));

    [TearDown]
    public ValueTask Stop() => _server.DisposeAsync();

    [Test]
    public async Task Key_InTheHeader_OpensAWebSocket()
    {
        var key = await MakeKeyAsync();

        (await TryAsync(Basic(Me, key))).Should().Be(101);
        (await TryAsync($"bearer  {key}")).Should().Be(101);
        (await TryAsync(Basic("bert", key))).Should().Be(401);
        (await TryAsync($"Bearer {key}x")).Should().Be(401);
        (await TryAsync($"Token {key}")).Should().Be(401);
    }

    // A proxy in front might look at the other one.
    [Test]
    public async Task Authorization_Twice_IsRefused()
    {
        var key = $"Bearer {await MakeKeyAsync()}";

        (await ShakeAsync(key)).Should().Be(101);
        (await ShakeAsync(key, key)).Should().Be(401);
        (await ShakeAsync(key, "Basic eDp5")).Should().Be(401);
        (await ShakeAsync("Basic eDp5", key)).Should().Be(401);
    }

    [Test]
    public async Task Key_ThatIsRevoked_EndsTheConnectionsThatCameWithIt()
    {
        var made = (KeyResult.Made)await Service<KeyService>().MakeAsync(
            Identity.Anonymous, new KeyWish(Me, "test", null, null), CancellationToken.None);
        await using var client = await ConnectAsync($"Bearer {made.Text}");
        await using var other = await TestClient.ConnectAsync(_server.Dispatcher);

        await Service<KeyService>().RevokeAsync(Identity.Anonymous, made.Key.Id, CancellationToken.None);

        (await client.ReceiveAsync()).Should().BeNull();
        ((int?)client.CloseStatus).Should().Be(4401);
        await other.SettleAsync();
    }

    [Test]
    public async Task Key_InTheQuery_IsRefused()
    {
        var key = await MakeKeyAsync();
        var credentials = Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Me}:{key}")));

        (await TryAsync(null, $"?credentials={credentials}")).Should().Be(401);
        (await TryAsync(null, $"?ticket={key}")).Should().Be(401);
    }

    [Test]
    public async Task OneTimePassword_AsThePassword_OpensOneWebSocket()
    {
        var made = (OneTimePasswordResult.Made)await Service<OneTimePasswordService>().MakeAsync(
            Identity.Anonymous, Me, CancellationToken.None);

        (await TryAsync(Basic(Me, made.Text))).Should().Be(101);
        (await TryAsync(Basic(Me, made.Text))).Should().Be(401);
    }

    [Test]
    public async Task Ticket_ThatIsReplayed_IsRefused()
    {
        var ticket = await MakeTicketAsync();

        (await TryAsync(null, $"?ticket={ticket}")).Should().Be(101);
        (await TryAsync(null, $"?ticket={ticket}")).Should().Be(401);
    }

    [Test]
    public async Task Ticket_OfAnotherOrigin_IsRefused()
    {
        var ticket = await MakeTicketAsync("https://a.example");

        (await TryAsync(null, $"?ticket={ticket}", "https://b.example")).Should().Be(401);
        (await TryAsync(null, $"?ticket={ticket}")).Should().Be(401);
        (await TryAsync(null, $"?ticket={ticket}", "https://a.example")).Should().Be(101);
    }

    [Test]
    public async Task Ticket_ThatHundredsBringAtOnce_OpensOneWebSocket()
    {
        var ticket = await MakeTicketAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => TryAsync(null, $"?ticket={ticket}")));

        results.Count(static result => result == 101).Should().Be(1);
        results.Count(static result => result == 401).Should().Be(299);
    }

    [Test]
    public async Task Ticket_OfAPage_OpensAnEventStream()
    {
        using var http = new HttpClient();
        var address = new Uri(_server.Dispatcher, $"{EventStreamMapping.Path}?ticket={await MakeTicketAsync()}");

        using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead).WithinLimit();
        using var again = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead).WithinLimit();

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        again.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    // None is tried after another: a page that adds a ticket to what its browser sends has given what the browser sends.
    [Test]
    public async Task Ticket_BesideAHeader_DoesNotCount()
    {
        var ticket = await MakeTicketAsync();

        (await TryAsync(Basic(Me, "wrong"), $"?ticket={ticket}")).Should().Be(401);
        (await TryAsync(null, $"?ticket={ticket}")).Should().Be(101);
    }

    private static string Basic(string user, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    private T Service<T>()
        where T : notnull => _server.Services.GetRequiredService<T>();

    private async Task<string> MakeKeyAsync() => ((KeyResult.Made)await Service<KeyService>().MakeAsync(
        Identity.Anonymous, new KeyWish(Me, "test", null, null), CancellationToken.None)).Text;

    private async Task<string> MakeTicketAsync(string? origin = null) =>
        ((TicketResult.Made)await Service<TicketService>().MakeAsync(Identity.Anonymous, origin, CancellationToken.None)).Text;

    private async Task<TestClient> ConnectAsync(string authorization) => await TestClient.ConnectAsync(
        _server.Dispatcher, configure: options => options.SetRequestHeader("Authorization", authorization));

    // The status of the handshake.
    private async Task<int> TryAsync(string? authorization, string query = "", string? origin = null)
    {
        using var socket = new ClientWebSocket();
        if (authorization is not null) socket.Options.SetRequestHeader("Authorization", authorization);
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            var address = new Uri($"ws://{_server.Dispatcher.Authority}/websocket{query}");
            await socket.ConnectAsync(address, CancellationToken.None).WithinLimit();
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WithinLimit();
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        return (int)socket.HttpStatusCode;
    }

    private async Task<int> ShakeAsync(params string[] authorization)
    {
        var head = $"GET /websocket HTTP/1.1\r\nHost: {_server.Dispatcher.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + string.Concat(authorization.Select(static value => $"Authorization: {value}\r\n"));
        return (await RawHttp.ReadHeadAsync(_server.Dispatcher, Encoding.ASCII.GetBytes(head + "\r\n"))).Status;
    }
}
