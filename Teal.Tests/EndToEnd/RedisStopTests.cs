using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Teal.Accounts.Directory;
using Teal.Accounts.Management;
using Teal.Core.Identities;
using Teal.Core.States;
using Teal.Tests.Accounts;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>A Redis that stops: between two parts of a client's message, and between two logins.</summary>
[Category("Redis")]
[NonParallelizable]
public sealed class RedisStopTests
{
    [Test]
    public async Task Message_InWhichRedisStops_LeavesNoRegistrationAndCanBeSentAgain()
    {
        await using var redis = RedisServer.Reserve(isDurable: true);
        await redis.StartAsync();
        var stops = true;
        var settings = new Dictionary<string, string>
        {
            ["Store"] = "Redis",
            ["Redis:Configuration"] = redis.EndPoint,
            ["Dispatcher:MaximumRegistrations"] = "1",
        };
        Task StopAsync(string method) =>
            stops && method == nameof(ICallbackStateStore.DeleteAsync) ? redis.StopAsync() : Task.CompletedTask;
        await using var server = await TestServer.StartAsync(settings, configure: services => services
            .Decorate<ICallbackStateStore>(part => new HookedStateStore(part, (method, _) => StopAsync(method))));
        await using var client = await TestClient.ConnectAsync(server.Dispatcher, subprotocol: "teal.v2");
        var topic = new { type = "callback", state = "fresh" };
        var create = new { type = "callback", state = "fresh", expires_at = RealClock.InAnHour.ToString("s") };
        var message = new { id = 1, create, register_to = topic, delete = new { type = "callback", state = "old" } };
        await client.SendAsync(message);

        (await client.ReceiveAsync()).Should().Contain("state_not_deleted");

        stops = false;
        await redis.StartAsync();
        await Eventually.HoldsAsync(async () => (await server.GetAsync("/health/ready")).Status == 200, "Redis is back");
        await server.BindAsync("fresh");
        (await server.GetAsync("/callback?state=fresh&n=1")).Status.Should().Be(204);

        await client.SendAsync(message);
        (await client.ReceiveAsync()).Should().StartWith("{\"type\":\"ack\"", "nothing came before, and the place is free");
        (await server.GetAsync("/callback?state=fresh&n=2")).Status.Should().Be(204);
        (await client.ReceiveAsync()).Should().Contain("&n=2");
    }

    [Test]
    public async Task Login_WhileRedisIsAway_LetsInWhoIsKnownAndTellsOthersToTryAgain()
    {
        await using var redis = RedisServer.Reserve(isDurable: true);
        await redis.StartAsync();
        var settings = new Dictionary<string, string>
        {
            ["Store"] = "Redis",
            ["Redis:Configuration"] = redis.EndPoint,
            ["Authentication:HashRounds"] = "1000",
        };
        await using var server = await TestServer.StartAsync(settings);
        await Eventually.HoldsAsync(async () => (await server.GetAsync("/health/ready")).Status == 200, "Redis is there");
        var account = new Account { Name = "anna", Origin = AccountOrigin.Store, Role = BuiltInRoles.Member };
        await server.Services.GetRequiredService<AccountService>().AddAsync(SecretHouse.Admin, account, "secret", CancellationToken.None);
        (await ShakeAsync(server, "anna", "secret")).Status.Should().Be(101);

        await redis.StopAsync();

        (await ShakeAsync(server, "anna", "secret")).Status.Should().Be(101);
        (await ShakeAsync(server, "anna", "wrong")).Status.Should().Be(401);
        (await ShakeAsync(server, "anonymous", TestServer.Password)).Status.Should().Be(101);
        var unknown = await ShakeAsync(server, "bert", "secret");
        (unknown.Status, unknown["Retry-After"] is not null).Should().Be((503, true));
    }

    private static Task<RawResponse> ShakeAsync(TestServer server, string user, string password)
    {
        var credential = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return RawHttp.ReadHeadAsync(server.Dispatcher, Encoding.ASCII.GetBytes(
            $"GET /websocket HTTP/1.1\r\nHost: {server.Dispatcher.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nAuthorization: Basic {credential}\r\n\r\n"));
    }
}
