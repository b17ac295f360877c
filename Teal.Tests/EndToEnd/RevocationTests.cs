using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Teal.Accounts.Directory;
using Teal.Accounts.Keys;
using Teal.Accounts.Management;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// A change of an account or a key reaches connections that stand in another process (specification 8.7). The change is made by a server
/// of the test, the connections are those of processes.
/// </summary>
[Category("RabbitMq")]
[Category("Redis")]
[NonParallelizable]
public sealed class RevocationTests
{
    private static readonly Identity Admin = new() { Account = "root", Permissions = Permissions.All, MayMakeCredentials = true };

    private readonly string _prefix = SharedRabbitMq.UniquePrefix();
    private TemporaryFolder _folder = null!;
    private RedisServer _redis = null!;
    private TealProcess _dispatcher = null!;
    private TestServer _other = null!;

    private AccountService Accounts => _other.Services.GetRequiredService<AccountService>();

    private KeyService Keys => _other.Services.GetRequiredService<KeyService>();

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new TemporaryFolder();
        _redis = await RedisServer.StartNewAsync();
        var broker = await SharedRabbitMq.GetAsync();
        string[] settings =
        [
            "Deployment", "Distributed", "Store", "Redis", "RabbitMq:Uri", broker.Uri.ToString(), "RabbitMq:ExchangePrefix", _prefix,
            "Redis:Configuration", _redis.EndPoint,
        ];
        _dispatcher = await TealProcess.ServeAsync(
            _folder.Path, ["--Modules", "Dispatcher", .. settings.Select(static (text, i) => i % 2 == 0 ? $"--{text}" : text)]);
        _other = await TestServer.StartAsync(
            settings.Chunk(2).ToDictionary(static pair => pair[0], static pair => pair[1]));
        var account = new Account { Name = "anna", Origin = AccountOrigin.Store, Permissions = ["read callback:*", "create callback:*"] };
        (await Accounts.AddAsync(Admin, account, "a long password", CancellationToken.None)).Should().BeOfType<AccountResult.Done>();
    }

    [TearDown]
    public async Task StopAsync()
    {
        // What comes later is missing where the start failed.
        if (_other is not null) await _other.DisposeAsync();
        if (_dispatcher is not null) await _dispatcher.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Key_RevokedInOneProcess_EndsItsConnectionsInAnother()
    {
        var (key, other) = (await MakeKeyAsync(), await MakeKeyAsync());
        await using var client = await ConnectAsync($"Bearer {key.Text}");
        await using var untouched = await ConnectAsync($"Bearer {other.Text}");

        (await Keys.RevokeAsync(Admin, key.Key.Id, CancellationToken.None)).Should().BeTrue();

        await IsClosedAsync(client);
        (await TryAsync($"Bearer {key.Text}")).Should().Be(401);
        await AnswersAsync(untouched);
    }

    [Test]
    public async Task Account_ChangedInOneProcess_IsAnotherInTheOther()
    {
        var password = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("anna:a long password"));
        await using var client = await ConnectAsync(password);
        await RegisterAsync(client, "a");
        await RegisterAsync(client, "b");

        await ChangeAsync(static account => account with { Permissions = ["read callback:a"] });
        (await client.ReceiveAsync()).Should().Be(
            """{"type":"unregistered","topic":{"type":"callback","state":"b"},"code":"not_allowed"}""");

        await ChangeAsync(static account => account with { Permissions = ["read callback:*"] });
        await Eventually.HoldsAsync(async () =>
        {
            await client.SendAsync("""{"id":1,"register_to":{"type":"callback","state":"b"}}""");
            return (await client.ReceiveAsync())!.StartsWith("{\"type\":\"ack\"", StringComparison.Ordinal);
        }, "the right is there again");

        await ChangeAsync(static account => account with { Enabled = false });
        await IsClosedAsync(client);
        (await TryAsync(password)).Should().Be(401);
    }

    [Test]
    public async Task Password_ChangedInOneProcess_EndsItsConnectionsInAnotherButNotThoseOfKeys()
    {
        var key = await MakeKeyAsync();
        await using var withPassword = await ConnectAsync(
            "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("anna:a long password")));
        await using var withKey = await ConnectAsync($"Bearer {key.Text}");

        await Accounts.SetPasswordAsync(Admin, "anna", "another password", CancellationToken.None);

        await IsClosedAsync(withPassword);
        await AnswersAsync(withKey);
    }

    [Test]
    public async Task Key_ThatIsKnown_IsGoodWhileRedisIsAway()
    {
        var key = await MakeKeyAsync();
        await using var client = await ConnectAsync($"Bearer {key.Text}");
        await AnswersAsync(client);

        await _redis.StopAsync();

        (await TryAsync($"Bearer {key.Text}")).Should().Be(101);
        (await TryAsync($"Bearer {KeyText.Make().Text}")).Should().Be(503);
        await client.SendAsync("""{"id":1}""");
        (await client.ReceiveAsync()).Should().StartWith("""{"type":"ack","id":1""");
    }

    private static async Task IsClosedAsync(TestClient client)
    {
        (await client.ReceiveAsync()).Should().BeNull();
        ((int?)client.CloseStatus).Should().Be(4401);
    }

    private static async Task AnswersAsync(TestClient client)
    {
        await client.SendAsync("""{"id":"there"}""");
        (await client.ReceiveAsync()).Should().StartWith("""{"type":"ack","id":"there" """.TrimEnd());
    }

    private static async Task RegisterAsync(TestClient client, string state)
    {
        await client.SendAsync($$$"""{"id":1,"register_to":{"type":"callback","state":"{{{state}}}"}}""");
        (await client.ReceiveAsync()).Should().StartWith("""{"type":"ack","id":1""");
    }


    private async Task<KeyResult.Made> MakeKeyAsync() =>
        (KeyResult.Made)await Keys.MakeAsync(Admin, new KeyWish("anna", "test", null, null), CancellationToken.None);

    private async Task ChangeAsync(Func<Account, Account> change)
    {
        var account = (await Accounts.FindAsync(Admin, "anna", CancellationToken.None))!;
        (await Accounts.SetAsync(Admin, change(account), null, CancellationToken.None)).Should().BeOfType<AccountResult.Done>();
    }

    private Task<TestClient> ConnectAsync(string authorization) => TestClient.ConnectAsync(
        _dispatcher.Dispatcher, subprotocol: "teal.v2", configure: options => options.SetRequestHeader("Authorization", authorization));

    private async Task<int> TryAsync(string authorization)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", authorization);
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{_dispatcher.Dispatcher.Authority}/websocket"), CancellationToken.None).WithinLimit();
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        return (int)socket.HttpStatusCode;
    }
}
