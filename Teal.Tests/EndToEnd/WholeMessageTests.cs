using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.States;
using Teal.Dispatcher.Registrations;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>A message of which a part fails leaves nothing of the parts before it (specification 3.2, 3.3), on each store.</summary>
[TestFixture("Memory")]
[TestFixture("Embedded")]
[TestFixture("Redis", Category = "Redis")]
public sealed class WholeMessageTests(string store)
{
    private readonly TemporaryFolder _folder = new();
    private Func<string, string, Task> _beforeStore = Nothing;
    private Func<string, string, Task> _beforeJournal = Nothing;
    private Func<Topic, Task> _binding = static _ => Task.CompletedTask;
    private RedisServer? _redis;
    private TestServer _server = null!;

    private RegistrationTable Registrations => _server.Services.GetRequiredService<RegistrationTable>();

    [SetUp]
    public async Task StartAsync()
    {
        if (store == "Redis")
        {
            _redis = RedisServer.Reserve(isDurable: true);
            await _redis.StartAsync();
        }

        _server = await StartServerAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        // It is null where there is no Redis.
        if (_server is not null) await _server.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Registration_BesideADeleteThatFails_TakesNoPlace()
    {
        await _server.DisposeAsync();
        _server = await StartServerAsync(("Dispatcher:MaximumRegistrations", "1"));
        _beforeStore = FailOn(nameof(ICallbackStateStore.DeleteAsync));
        await using var client = await ConnectAsync();

        (await AskAsync(client, new { id = 1, register_to = Of("fresh"), delete = Of("old") })).Should().Be("state_not_deleted");

        (await AskAsync(client, new { id = 2, register_to = Of("other") })).Should().Be("ack");
        await _server.BindAsync("fresh");
        await HitAsync("fresh", 1);
        await NothingMoreAsync(client);
    }

    [Test]
    public async Task Creation_BesideADeleteWhoseEventsStay_IsTakenBackAndTheStateStaysToo()
    {
        await _server.BindAsync("old", "https://example.org/old");
        await HitAsync("old", 1);
        _beforeJournal = FailOn(nameof(IEventJournal.DeleteAsync));
        await using var client = await ConnectAsync();

        var message = new { id = 1, create = Creation("fresh"), register_to = Of("fresh"), delete = Of("old") };
        (await AskAsync(client, message)).Should().Be("state_not_deleted");

        (await FindAsync("fresh")).Should().BeNull();
        (await FindAsync("old"))!.FinalRedirectUrl.Should().Be("https://example.org/old");
        (await AskAsync(client, new { id = 2, register_to = Of("old", "earliest") })).Should().Be("ack");
        NumberOf(await ReceiveAsync(client)).Should().Be(1);
    }

    [Test]
    public async Task Creation_OfAStateThatIsThere_BesideADeleteThatFails_LeavesItAsItWas()
    {
        await _server.BindAsync("known", "https://example.org/before");
        var before = await FindAsync("known");
        _beforeStore = FailOn(nameof(ICallbackStateStore.DeleteAsync));
        await using var client = await ConnectAsync();

        (await AskAsync(client, new { id = 1, create = Creation("known"), delete = Of("old") })).Should().Be("state_not_deleted");

        (await FindAsync("known")).Should().Be(before);
    }

    [Test]
    public async Task Creation_WhoseEventsCannotBeKeptAsLong_LeavesNoState()
    {
        _beforeJournal = FailOn(nameof(IEventJournal.KeepUntilAsync));
        await using var client = await ConnectAsync();

        (await AskAsync(client, new { id = 1, create = Creation("fresh"), register_to = Of("fresh") })).Should().Be("state_not_stored");

        (await FindAsync("fresh")).Should().BeNull();
    }

    [TestCase("teal.v2")]
    [TestCase(null)]
    public async Task Creation_WhoseRegistrationTheBusRefusesLate_LeavesNoState(string? protocol)
    {
        var refusal = new TaskCompletionSource();
        _binding = _ => refusal.Task;
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher, subprotocol: protocol);

        await client.SendAsync(new { id = 1, create = Creation("fresh"), register_to = Of("fresh") });
        await Eventually.HoldsAsync(async () => await FindAsync("fresh") is not null, "a state is made while the bus is away");
        refusal.SetException(new IOException("refused"));
        if (protocol is not null) CodeOf(await ReceiveAsync(client)).Should().Be("not_registered");

        await Eventually.HoldsAsync(async () => await FindAsync("fresh") is null, "it is taken back");
    }

    [Test]
    public async Task Delete_BesideARegistrationThatTheBusRefusesLate_DeletesNothing()
    {
        await _server.BindAsync("old");
        await HitAsync("old", 1);
        var refusal = new TaskCompletionSource();
        _binding = topic => topic.Key == "fresh" ? refusal.Task : Task.CompletedTask;
        await using var client = await ConnectAsync();

        await client.SendAsync(new { id = 1, create = Creation("fresh"), register_to = Of("fresh"), delete = Of("old") });
        await Eventually.HoldsAsync(async () => await FindAsync("fresh") is not null, "a state is made while the bus is away");
        refusal.SetException(new IOException("refused"));
        CodeOf(await ReceiveAsync(client)).Should().Be("not_registered");

        (await FindAsync("old")).Should().NotBeNull();
        (await AskAsync(client, new { id = 2, register_to = Of("old", "earliest") })).Should().Be("ack");
        NumberOf(await ReceiveAsync(client)).Should().Be(1);
    }

    [Test]
    public async Task Registration_ThatIsThere_IsNotAskedForItsEndByAMessageThatFails()
    {
        await using var client = await ConnectAsync();
        (await AskAsync(client, new { id = 1, create = Creation("known"), register_to = Of("known") })).Should().Be("ack");
        _beforeStore = FailOn(nameof(ICallbackStateStore.DeleteAsync));
        var topic = new { type = "callback", state = "known", tell_end = true };

        (await AskAsync(client, new { id = 2, register_to = topic, delete = Of("old") })).Should().Be("state_not_deleted");

        Registrations.Resynchronize();
        await HitAsync("known", 1);
        NumberOf(await ReceiveAsync(client)).Should().Be(1, "nothing else was asked for");
        await NothingMoreAsync(client);
    }

    [Test]
    public async Task Registration_ThatIsThere_GoesOnWhereItWasWhileAndAfterAMessageThatFails()
    {
        await using var client = await ConnectAsync();
        (await AskAsync(client, new { id = 1, create = Creation("known"), register_to = Of("known") })).Should().Be("ack");
        await HitAsync("known", 1);
        NumberOf(await ReceiveAsync(client)).Should().Be(1);
        _beforeStore = async (method, _) =>
        {
            if (method != nameof(ICallbackStateStore.DeleteAsync)) return;

            await HitAsync("known", 2);
            throw new IOException("away");
        };

        await client.SendAsync(new { id = 2, register_to = Of("known", "earliest"), delete = Of("old") });

        NumberOf(await ReceiveAsync(client)).Should().Be(2, "it never stopped");
        CodeOf(await ReceiveAsync(client)).Should().Be("state_not_deleted");
        await HitAsync("known", 3);
        NumberOf(await ReceiveAsync(client)).Should().Be(3);
    }

    [TestCase("https://example.org/theirs")]
    [TestCase(null)]
    public async Task Creation_ThatAnotherClientChangedMeanwhile_IsNotTakenBack(string? redirect)
    {
        await _server.BindAsync("known", "https://example.org/before");
        _beforeStore = async (method, state) =>
        {
            if (method != nameof(ICallbackStateStore.DeleteAsync) || state != "old") return;

            // The other client's message, done between the two parts of this one.
            if (redirect is null) await _server.States.DeleteAsync("known", "anonymous", CancellationToken.None);
            else await _server.BindAsync("known", redirect);
            throw new IOException("away");
        };
        await using var client = await ConnectAsync();

        (await AskAsync(client, new { id = 1, create = Creation("known"), delete = Of("old") })).Should().Be("state_not_deleted");

        ((await FindAsync("known"))?.FinalRedirectUrl).Should().Be(redirect);
    }

    [Test]
    public async Task Connection_ThatEndsBetweenTheParts_LeavesNothing()
    {
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _beforeStore = async (method, state) =>
        {
            if (method != nameof(ICallbackStateStore.DeleteAsync) || state != "old") return;

            reached.SetResult();
            await goOn.Task;
            throw new IOException("away");
        };
        await using (var client = await ConnectAsync())
        {
            await client.SendAsync(new { id = 1, create = Creation("fresh"), register_to = Of("fresh"), delete = Of("old") });
            await reached.Task.WithinLimit();
            client.Socket.Abort();
        }

        goOn.SetResult();

        await Eventually.HoldsAsync(async () => await FindAsync("fresh") is null, "the state is taken back");
        await Eventually.HoldsAsync(() => _server.Log.Lines.Any(static line => line.Id == 8022), "the connection is over");
        _server.Log.Lines.Should().NotContain(static line => line.Id == 8012, "nothing failed that is not answered");
    }

    private static Task Nothing(string method, string key) => Task.CompletedTask;

    private static Func<string, string, Task> FailOn(string failing) =>
        (method, _) => method == failing ? Task.FromException(new IOException("away")) : Task.CompletedTask;

    private static object Of(string state, string? after = null) =>
        after is null ? new { type = "callback", state } : new { type = "callback", state, after };

    private static object Creation(string state) =>
        new { type = "callback", state, expires_at = RealClock.InAnHour.AddMinutes(1).ToString("s") };

    private static string CodeOf(JsonElement answer) =>
        (answer.TryGetProperty("code", out var code) ? code : answer.GetProperty("type")).GetString()!;

    private static int NumberOf(JsonElement message) => message.GetProperty("url").GetString()![^1] - '0';

    // What the answer says: «ack», or the fault's code.
    private static async Task<string> AskAsync(TestClient client, object message)
    {
        await client.SendAsync(message);
        return CodeOf(await ReceiveAsync(client));
    }

    private static async Task<JsonElement> ReceiveAsync(TestClient client) =>
        JsonDocument.Parse((await client.ReceiveAsync())!).RootElement;

    // Behind what is on its way the answer to another message comes.
    private static async Task NothingMoreAsync(TestClient client) => (await AskAsync(client, new { id = 99 })).Should().Be("ack");

    private async Task HitAsync(string state, int number) =>
        (await _server.GetAsync($"/callback?state={state}&n={number}")).Status.Should().BeOneOf(204, 302);

    private ValueTask<CallbackState?> FindAsync(string state) => _server.States.FindAsync(state, CancellationToken.None);

    private Task<TestClient> ConnectAsync() => TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");

    private Task<TestServer> StartServerAsync(params (string Key, string Value)[] settings)
    {
        var all =
            new Dictionary<string, string> { ["Store"] = store, ["DataDirectory"] = _folder.Path, ["Dispatcher:BindTimeout"] = "30 s" };
        if (_redis is not null) all["Redis:Configuration"] = _redis.EndPoint;
        foreach (var (key, value) in settings) all[key] = value;
        return TestServer.StartAsync(all, configure: services => services
            .Decorate<ICallbackStateStore>(part => new HookedStateStore(part, (method, state) => _beforeStore(method, state)))
            .Decorate<IEventJournal>(part => new HookedJournal(part, (method, key) => _beforeJournal(method, key)))
            .Decorate<IEventBus>(part => new ReluctantBus(part, topic => _binding(topic))));
    }

    /// <summary>A bus whose bindings a test delays, and refuses.</summary>
    private sealed class ReluctantBus(IEventBus bus, Func<Topic, Task> binding) : IEventBus
    {
        public ValueTask PublishAsync(TealEvent @event, CancellationToken cancellationToken) => bus.PublishAsync(@event, cancellationToken);

        public async Task<IBusSubscription> SubscribeAsync(IEventReceiver receiver, CancellationToken cancellationToken) =>
            new Subscription(await bus.SubscribeAsync(receiver, cancellationToken), binding);

        private sealed class Subscription(IBusSubscription subscription, Func<Topic, Task> binding) : IBusSubscription
        {
            public async ValueTask BindAsync(Topic topic, CancellationToken cancellationToken)
            {
                await binding(topic);
                await subscription.BindAsync(topic, cancellationToken);
            }

            public ValueTask UnbindAsync(IReadOnlyCollection<Topic> topics, CancellationToken cancellationToken) =>
                subscription.UnbindAsync(topics, cancellationToken);

            public ValueTask DisposeAsync() => subscription.DisposeAsync();
        }
    }
}
