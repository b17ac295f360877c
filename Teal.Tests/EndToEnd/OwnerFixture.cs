using System.Text.Json;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// Two teams, an account that may read all, and anonymous, on one installation (specification 8.4, 8.5). Distributed it is two servers, and
/// each team uses another one.
/// </summary>
public abstract class OwnerFixture(string deployment)
{
    private protected const string Acme = "acme", Beta = "beta", Auditor = "auditor", Anonymous = "anonymous";

    private static readonly Identity[] Accounts =
    [
        TestAccounts.Account(
            "alice", Acme, "create callback:*", "create ciba:*", "read callback:*", "read ciba:*", "read powens:*"),
        TestAccounts.Account("bob", Acme, "read callback:*"),
        TestAccounts.Account(Beta, Beta, "create callback:*", "create ciba:*", "read callback:*", "read ciba:*", "read powens:*"),
        TestAccounts.Account(Auditor, Auditor, "read-any callback:*"),
    ];

    private RedisServer? _redis;

    private protected TemporaryFolder Folder { get; } = new();

    // Of the test, beside those of the deployment.
    private protected virtual IEnumerable<KeyValuePair<string, string>> Settings => [];

    private protected TestServer Server { get; private set; } = null!;

    // Of the other team: another process where there are several.
    private protected TestServer Other { get; private set; } = null!;

    private protected RedisServer Redis => _redis!;

    private protected bool IsDistributed => deployment == "Distributed";

    private protected string Prefix { get; } = SharedRabbitMq.UniquePrefix();

    [SetUp]
    public async Task StartAsync()
    {
        var settings = new Dictionary<string, string> { ["Store"] = deployment, ["DataDirectory"] = Folder.Path };
        if (IsDistributed)
        {
            _redis = await RedisServer.StartNewAsync();
            settings = new Dictionary<string, string>
            {
                ["Deployment"] = deployment,
                ["Store"] = "Redis",
                ["Redis:Configuration"] = _redis.EndPoint,
                ["RabbitMq:Uri"] = (await SharedRabbitMq.GetAsync()).Uri.ToString(),
                ["RabbitMq:ExchangePrefix"] = Prefix,
            };
        }

        foreach (var (key, value) in Settings) settings[key] = value;
        Server = await TestServer.StartAsync(settings, configure: TestAccounts.Of(Accounts));
        Other = IsDistributed ? await TestServer.StartAsync(settings, configure: TestAccounts.Of(Accounts)) : Server;
    }

    [TearDown]
    public async Task StopAsync()
    {
        // They are null where a service is missing.
        if (Other is not null && Other != Server) await Other.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        Folder.Dispose();
    }

    // An account's name is its team's but for alice, who is acme's, and bob.
    private protected Task<TestClient> ConnectAsync(string account, string? subprotocol = "teal.v2") => TestClient.ConnectAsync(
        account is Acme or "bob" or Anonymous ? Server.Dispatcher : Other.Dispatcher, subprotocol: subprotocol,
        user: account == Acme ? "alice" : account);

    private protected static object Of(string state) => new { type = "callback", state };

    private protected static object Creation(string state) =>
        new { type = "callback", state, expires_at = RealClock.InAnHour.ToString("s") };

    // What the answer says: «ack», or the fault's code.
    private protected static async Task<string> AskAsync(TestClient client, object message)
    {
        await client.SendAsync(message);
        var answer = await ReceiveAsync(client);
        return (answer.TryGetProperty("code", out var code) ? code : answer.GetProperty("type")).GetString()!;
    }

    private protected static async Task<JsonElement> ReceiveAsync(TestClient client)
    {
        var message = await client.ReceiveAsync();
        message.Should().NotBeNull("the server closed with {0}", client.CloseStatus);
        return JsonDocument.Parse(message!).RootElement;
    }

    private protected static int NumberOf(JsonElement message) => message.GetProperty("url").GetString()![^1] - '0';

    // What was on its way has come: another event behind it on the same bus, and an answer.
    private protected async Task NothingMoreAsync(TestClient client)
    {
        var state = Guid.NewGuid().ToString("N");
        await Server.BindAsync(state);
        await using var witness = await ConnectAsync(Anonymous);
        (await AskAsync(witness, new { id = 1, register_to = Of(state) })).Should().Be("ack");
        await HitAsync(state, 0);
        NumberOf(await ReceiveAsync(witness)).Should().Be(0);
        if (client.Socket.SubProtocol is null) await client.ReceivesNothingAsync();
        else (await AskAsync(client, new { id = "nothing more" })).Should().Be("ack");
    }

    private protected async Task HitAsync(string state, int number) =>
        (await Server.GetAsync($"/callback?state={Uri.EscapeDataString(state)}&n={number}")).Status.Should().Be(204);
}
