using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.States;
using Teal.Dispatcher.Protocols;
using Teal.Tests.Support;
using Teal.Web.Sessions;
using Teal.Web.Streams;

namespace Teal.Tests.EndToEnd;

/// <summary>What becomes of clients that are connected when their identity changes (specification 8.7).</summary>
public sealed class IdentityWatchTests
{
    private const string Interval = "Dispatcher:IdentityInterval";

    private readonly FakeRenewal _renewal = new();
    private Func<Task> _beforeJournal = static () => Task.CompletedTask;
    private TestServer _server = null!;

    [SetUp]
    public Task Start() => StartAsync("10 ms");

    [TearDown]
    public ValueTask Stop() => _server.DisposeAsync();

    [TestCase(null)]
    [TestCase("teal.v2")]
    public async Task Client_WhoseCredentialIsOver_IsClosedWith4401(string? subprotocol)
    {
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: subprotocol);
        await using var other = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: subprotocol);

        _renewal.Renew = static _ => null;

        (await client.ReceiveAsync()).Should().BeNull();
        ((int?)client.CloseStatus).Should().Be(4401);
        client.Socket.CloseStatusDescription.Should().Be("credentials are over");
        (await other.ReceiveAsync()).Should().BeNull();
        await Eventually.HoldsAsync(() => Lines(8041) > 0, "a line of it");
    }

    [Test]
    public async Task Client_WhoseCredentialIsOver_GetsNothingOfWhatWaits()
    {
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher);
        await client.RegisterAsync("s");
        await _server.BindAsync("s");

        _renewal.Renew = static _ => null;
        (await client.ReceiveAsync()).Should().BeNull();
        (await _server.GetAsync("/callback?state=s")).Status.Should().Be(204);

        client.Socket.State.Should().Be(WebSocketState.CloseReceived);
    }

    [Test]
    public async Task Stream_WhoseCredentialIsOver_Ends()
    {
        using var stream = await EventStreamClient.OpenAsync(_server);

        _renewal.Renew = static _ => null;

        (await stream.ReceiveAsync()).Should().BeNull();
    }

    [Test]
    public async Task Client_ThatLosesARight_LosesTheRegistrationsThatNeedIt()
    {
        await using var client = await ConnectAsync();
        foreach (var state in (string[])["a1", "b1", "a2", "b2"]) await RegisterAsync(client, state);

        _renewal.Renew = Becomes("read callback:a*", "create callback:*");

        foreach (var state in (string[])["b1", "b2"])
        {
            (await client.ReceiveAsync()).Should().Be(
                $$"""{"type":"unregistered","topic":{"type":"callback","state":"{{state}}"},"code":"not_allowed"}""");
        }

        foreach (var state in (string[])["b1", "a1", "b2", "a2"]) await HitAsync(state);
        (await client.ReceiveAsync()).Should().Contain("\"state\":\"a1\"");
        (await client.ReceiveAsync()).Should().Contain("\"state\":\"a2\"");
    }

    [Test]
    public async Task Client_ThatLosesTheRightToReadAny_KeepsItsTeamsEventsAlone()
    {
        await using var client = await ConnectAsync();
        await RegisterAsync(client, "s");
        await RegisterAsync(client, "end");
        var foreign = new CallbackState("s", null, false, RealClock.InAnHour, "acme");
        await _server.States.PutAsync(foreign, CancellationToken.None);
        (await _server.GetAsync("/callback?state=s&n=1")).Status.Should().Be(204);
        (await client.ReceiveAsync()).Should().Contain("n=1");

        _renewal.Renew = Becomes("read callback:*");
        await Eventually.HoldsAsync(() => Sessions.All(static session => session.Identity != Identity.Anonymous), "another identity");
        (await _server.GetAsync("/callback?state=s&n=2")).Status.Should().Be(204);
        await HitAsync("end");
        (await client.ReceiveAsync()).Should().Contain("\"state\":\"end\"");

        _renewal.Renew = static _ => Identity.Anonymous;
        await Eventually.HoldsAsync(() => Sessions.All(static session => session.Identity == Identity.Anonymous), "the right again");
        (await _server.GetAsync("/callback?state=s&n=3")).Status.Should().Be(204);
        (await client.ReceiveAsync()).Should().Contain("n=3", "what was passed over does not come");
    }

    [Test]
    public async Task Client_ThatGainsARight_HasItInItsNextMessage()
    {
        await using var client = await ConnectAsync();
        var (less, more) = (Becomes("read callback:a")(Identity.Anonymous), Becomes("read callback:*")(Identity.Anonymous));
        _renewal.Renew = _ => less;
        await Eventually.HoldsAsync(() => Sessions.Any(session => session.Identity == less), "fewer rights");
        await client.SendAsync("""{"id":"b","register_to":{"type":"callback","state":"b"}}""");
        (await client.ReceiveAsync()).Should().StartWith("""{"type":"error","id":"b","code":"not_allowed" """.TrimEnd());

        _renewal.Renew = _ => more;
        await Eventually.HoldsAsync(() => Sessions.Any(session => session.Identity == more), "more rights");

        await RegisterAsync(client, "b");
        await HitAsync("b");
        (await client.ReceiveAsync()).Should().Contain("\"state\":\"b\"");
    }

    // Of another team's state nothing comes from then on, and what was its own once is seen no more.
    [Test]
    public async Task Client_WhoseTeamIsAnother_SeesWhatThatSees()
    {
        await using var client = await ConnectAsync();
        await RegisterAsync(client, "s");
        var other = new Identity { Account = "anna", Team = "shop", Permissions = Permissions.Of(["read callback:*"]) };
        _renewal.Renew = _ => other;
        await Eventually.HoldsAsync(() => Sessions.Any(session => session.Identity == other), "another team");

        await HitAsync("s");
        await client.SendAsync("""{"id":1}""");

        (await client.ReceiveAsync()).Should().StartWith("""{"type":"ack","id":1""");
    }

    [Test]
    public async Task Client_OfTheClassicProtocolThatLosesARight_IsToldNothingAndGetsNothing()
    {
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher);
        await client.RegisterAsync("a");
        await client.RegisterAsync("b");

        _renewal.Renew = Becomes("read callback:b", "create callback:*");
        await Eventually.HoldsAsync(() => Registered().SequenceEqual(["b"]), "one registration");
        await HitAsync("a");
        await HitAsync("b");

        (await client.ReceiveAsync()).Should().Contain("\"state\":\"b\"");
    }

    [Test]
    public async Task Client_ThatIsRenewed_IsTheNewOneInItsNextLook()
    {
        await using var client = await ConnectAsync();
        _renewal.Renew = Becomes("read callback:*");
        await Eventually.HoldsAsync(() => Sessions.Any(static session => session.Identity != Identity.Anonymous), "another identity");
        var renewed = Sessions.Single().Identity;

        await Eventually.HoldsAsync(() => _renewal.Asked.LastOrDefault() == renewed, "the next look");
        client.Socket.State.Should().Be(WebSocketState.Open);
    }

    [Test]
    public async Task Client_WhoseCredentialEnds_IsClosedThoughNobodyCanBeAsked()
    {
        await using var client = await ConnectAsync();
        var end = RealClock.Now.AddSeconds(-1);
        var ended = new Identity { Account = "anna", Permissions = Permissions.AllButAdmin, ExpiresAt = end };

        _renewal.Renew = identity => identity == ended ? throw new IOException("away") : ended;

        (await client.ReceiveAsync()).Should().BeNull();
        ((int?)client.CloseStatus).Should().Be(4401);
    }

    [Test]
    public async Task Clients_WhileNobodyCanBeAsked_StayAndTheLogSaysSoOnce()
    {
        await using var client = await ConnectAsync();
        await RegisterAsync(client, "s");

        _renewal.Renew = static _ => throw new IOException("away");
        await Eventually.HoldsAsync(() => Lines(8042) == 1, "a line of it");
        var asked = _renewal.Asked.Count;
        await Eventually.HoldsAsync(() => _renewal.Asked.Count > asked + 3, "further looks");
        await HitAsync("s");
        (await client.ReceiveAsync()).Should().Contain("\"state\":\"s\"");
        Lines(8042).Should().Be(1);

        _renewal.Renew = static identity => identity;
        await Eventually.HoldsAsync(() => Lines(8043) == 1, "that it is over");
    }

    // Once in each look, and a look is told by the others beside it.
    [Test]
    public async Task Identity_OfManyConnections_IsAskedForOnce()
    {
        await _server.DisposeAsync();
        var clock = new ManualTimeProvider();
        await StartAsync("1 s", clock);
        var clients = new List<TestClient>();
        for (var i = 0; i < 50; i++) clients.Add(await ConnectAsync());

        await Eventually.HoldsAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(500));
                return !_renewal.Asked.IsEmpty;
            },
            "a look");

        _renewal.Asked.Should().ContainSingle();
        foreach (var client in clients) await client.DisposeAsync();
    }

    [Test]
    public async Task Registration_UnderWayWhileTheRightIsLost_EndsBehindItsAnswer()
    {
        await using var client = await ConnectAsync();
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _beforeJournal = () =>
        {
            begun.TrySetResult();
            return goOn.Task;
        };
        var expiresAt = RealClock.InAnHour.ToString("s");
        var create = new { type = "callback", state = "s", expires_at = expiresAt };
        await client.SendAsync(new { id = 1, create, register_to = new { type = "callback", state = "s" } });
        await begun.Task.WithinLimit();

        _renewal.Renew = Becomes("create callback:*");
        await Eventually.HoldsAsync(() => Sessions.Single().Identity != Identity.Anonymous, "another identity");
        goOn.SetResult();

        (await client.ReceiveAsync()).Should().StartWith("""{"type":"ack","id":1""");
        (await client.ReceiveAsync()).Should().StartWith("""{"type":"unregistered",""");
        Registered().Should().BeEmpty();
    }

    [Test]
    public async Task Client_ThatLosesThousandsOfRegistrations_IsToldOfEach()
    {
        const int Topics = 3000;
        await using var client = await ConnectAsync();
        for (var i = 0; i < Topics; i++) await RegisterAsync(client, $"s{i}");

        _renewal.Renew = Becomes("create callback:*");
        await Eventually.HoldsAsync(() => !Registered().Any(), "no registration");

        for (var i = 0; i < Topics; i++) (await client.ReceiveAsync()).Should().Contain($"\"s{i}\"");
    }

    private IEnumerable<TealSession> Sessions => _server.Services.GetRequiredService<ChannelTable>().Sessions.Cast<TealSession>();

    private IEnumerable<string> Registered() => Sessions.SelectMany(
        static session =>
        {
            lock (session.Registrations) return session.Registrations.Select(static registration => registration.Topic.Key).ToArray();
        });

    private static Func<Identity, Identity?> Becomes(params string[] permissions)
    {
        var identity = new Identity { Account = Identity.AnonymousName, Permissions = Permissions.Of(permissions) };
        return _ => identity;
    }

    private static async Task RegisterAsync(TestClient client, string state)
    {
        await client.SendAsync($$$"""{"id":"{{{state}}}","register_to":{"type":"callback","state":"{{{state}}}"}}""");
        (await client.ReceiveAsync()).Should().StartWith($$"""{"type":"ack","id":"{{state}}" """.TrimEnd());
    }

    private async Task HitAsync(string state)
    {
        await _server.BindAsync(state);
        (await _server.GetAsync($"/callback?state={state}")).Status.Should().Be(204);
    }

    private int Lines(int id) => _server.Log.Lines.Count(line => line.Id == id);

    private Task<TestClient> ConnectAsync() => TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");

    private async Task StartAsync(string interval, TimeProvider? clock = null)
    {
        _server = await TestServer.StartAsync(new Dictionary<string, string> { [Interval] = interval }, clock, services =>
        {
            services.AddSingleton<IIdentityRenewal>(_renewal);
            services.Decorate<IEventJournal>(journal => new HookedJournal(journal, (_, _) => _beforeJournal()));
            services.AddSingleton<IStartupFilter>(provider => new EventStreamMapping((_, _) =>
            {
                var protocol = provider.GetServices<IClientProtocol>().First(static protocol => protocol.Subprotocol == "teal.v2");
                return ValueTask.FromResult<EventStreamRequest?>(new EventStreamRequest(protocol.Open));
            }));
        });
    }

    /// <summary>Says of each identity what a test says.</summary>
    private sealed class FakeRenewal : IIdentityRenewal
    {
        public ConcurrentQueue<Identity> Asked { get; } = [];

        public Func<Identity, Identity?> Renew { get; set; } = static identity => identity;

        public ValueTask<Identity?> RenewAsync(Identity identity, CancellationToken cancellationToken)
        {
            Asked.Enqueue(identity);
            return ValueTask.FromResult(Renew(identity));
        }
    }
}
