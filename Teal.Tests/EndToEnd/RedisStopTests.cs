using Teal.Core.States;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>A Redis that stops between two parts of a client's message.</summary>
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
}
