using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Teal.Accounts.Directory;
using Teal.Accounts.Management;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// Rights change while events flow (specification 8.5, 8.7). Distributed, the changes are made in one process, and the clients are
/// connected to another.
/// </summary>
[TestFixture("Standalone")]
[TestFixture("Distributed", Category = "RabbitMq")]
[NonParallelizable]
public sealed class PermissionsUnderLoadTests(string deployment)
{
    private const int States = 4;

    private static readonly Identity Admin = new() { Account = "root", Permissions = Permissions.All, MayMakeCredentials = true };

    private readonly TemporaryFolder _folder = new();
    private RedisServer? _redis;
    private TestServer _server = null!;
    private TestServer _changing = null!;

    private AccountService Accounts => _changing.Services.GetRequiredService<AccountService>();

    [SetUp]
    public async Task StartAsync()
    {
        var settings = new Dictionary<string, string> { ["DataDirectory"] = _folder.Path };
        if (deployment == "Distributed")
        {
            _redis = await RedisServer.StartNewAsync();
            settings = new Dictionary<string, string>
            {
                ["Deployment"] = deployment,
                ["Store"] = "Redis",
                ["Redis:Configuration"] = _redis.EndPoint,
                ["RabbitMq:Uri"] = (await SharedRabbitMq.GetAsync()).Uri.ToString(),
                ["RabbitMq:ExchangePrefix"] = SharedRabbitMq.UniquePrefix(),
            };
        }

        settings["Dispatcher:IdentityInterval"] = "50ms";
        _server = await TestServer.StartAsync(settings);
        _changing = _redis is null ? _server : await TestServer.StartAsync(settings);
        await AddAsync("owner", "acme", "create callback:*", "read callback:*");
        await AddAsync("colleague", "acme", "read callback:*");
        await AddAsync("stranger", "beta", "read callback:*", "create callback:*");
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_changing is not null && _changing != _server) await _changing.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Rights_ThatChangeWhileEventsFlow_DecideForEachEventAndLoseNone()
    {
        await using var owner = await ConnectAsync("owner");
        await using var colleague = await ConnectAsync("colleague");
        await using var stranger = await ConnectAsync("stranger");
        for (var state = 0; state < States; state++)
        {
            await owner.SendAsync(new
            {
                id = state,
                create = new { type = "callback", state = $"s{state}", expires_at = RealClock.InAnHour.ToString("s") },
                register_to = new { type = "callback", state = $"s{state}" },
            });
            (await owner.ReceiveAsync()).Should().StartWith("{\"type\":\"ack\"");
        }

        var (seen, foreign) = (new Watched(), new Watched());
        var watching = Task.WhenAll(WatchAsync(colleague, seen), WatchAsync(stranger, foreign));
        var changing = Task.WhenAll(ChangeAsync("colleague", seen), ChangeAsync("stranger", foreign));
        var hits = await HitUntilAsync(changing);
        await changing;

        // Each of the owner's once.
        (await ReceiveAsync(owner, hits)).Should().Equal(Enumerable.Range(0, hits));

        // What ends the watching: the accounts are removed.
        await RemoveAsync("colleague");
        await RemoveAsync("stranger");
        await watching.WithinLimit();
        seen.WithoutRight.Should().Be(0, "each came between a registration and its end");
        seen.Events.Should().BePositive("there were rights meanwhile");
        foreign.Events.Should().Be(0, "they are another team's");
    }

    private static async Task<int[]> ReceiveAsync(TestClient client, int count)
    {
        var numbers = new List<int>();
        while (numbers.Count < count)
        {
            var message = JsonDocument.Parse((await client.ReceiveAsync())!).RootElement;
            message.GetProperty("type").GetString().Should().Be("callback");
            numbers.Add(NumberIn(message));
        }

        return [.. numbers.Order()];
    }

    // Registers for all, again and again, from the earliest event on, and sees whether an event comes without a registration.
    private static async Task WatchAsync(TestClient client, Watched watched)
    {
        var (registered, asked) = (new HashSet<string>(), new Queue<string>());
        for (var state = 0; state < States; state++) await AskAsync($"s{state}");
        while (await client.ReceiveForeverAsync() is { } text)
        {
            var message = JsonDocument.Parse(text).RootElement;
            switch (message.GetProperty("type").GetString())
            {
                case "callback":
                    watched.Events++;

                    // The acknowledgement comes in front of the events.
                    if (!registered.Contains(message.GetProperty("state").GetString()!)) watched.WithoutRight++;
                    break;
                case "ack":
                    registered.Add(asked.Dequeue());
                    break;
                case "unregistered":
                    var lost = message.GetProperty("topic").GetProperty("state").GetString()!;
                    registered.Remove(lost);
                    await AskAsync(lost);
                    break;
                case "error":
                    await AskAsync(asked.Dequeue());
                    break;
            }

            watched.Registered = registered.Count;
        }

        ((int?)client.CloseStatus).Should().Be(4401);

        async Task AskAsync(string state)
        {
            asked.Enqueue(state);
            await client.SendAsync(new { id = 1, register_to = new { type = "callback", state, after = "earliest" } });
        }
    }

    private static int NumberIn(JsonElement message)
    {
        var url = message.GetProperty("url").GetString()!;
        return int.Parse(url[(url.LastIndexOf('=') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<int> HitUntilAsync(Task end)
    {
        var hits = 0;
        for (; !end.IsCompleted; hits++)
            (await _server.GetAsync($"/callback?state=s{hits % States}&n={hits}")).Status.Should().Be(204);
        return hits;
    }

    // Each change takes effect before the next.
    private async Task ChangeAsync(string name, Watched watched)
    {
        (string[] Permissions, int Registered)[] changes =
        [
            (["read callback:s1"], 1), (["read callback:*"], States), (["create callback:*"], 0), (["read callback:s1", "reveal"], 1),
            (["read callback:*", "create callback:*"], States), ([], 0), (["read callback:*"], States),
        ];
        await Eventually.HoldsAsync(() => watched.Registered == States, "all registrations");
        foreach (var (permissions, registered) in changes)
        {
            var account = (await Accounts.FindAsync(Admin, name, CancellationToken.None))!;
            (await Accounts.SetAsync(Admin, account with { Permissions = permissions }, null, CancellationToken.None))
                .Should().BeOfType<AccountResult.Done>();
            await Eventually.HoldsAsync(() => watched.Registered == registered, $"{registered} registrations of {name}");
        }
    }

    private Task<TestClient> ConnectAsync(string name) =>
        TestClient.ConnectAsync(_server.Dispatcher, "a long password", "teal.v2", user: name);

    private async Task AddAsync(string name, string team, params string[] permissions)
    {
        var account = new Account { Name = name, Team = team, Origin = AccountOrigin.Store, Permissions = permissions };
        (await Accounts.AddAsync(Admin, account, "a long password", CancellationToken.None)).Should().BeOfType<AccountResult.Done>();
    }

    private async Task RemoveAsync(string name) =>
        (await Accounts.RemoveAsync(Admin, name, CancellationToken.None)).Should().BeOfType<AccountResult.Done>();

    /// <summary>What a client saw.</summary>
    private sealed class Watched
    {
        public int Events { get; set; }

        public int WithoutRight { get; set; }

        public int Registered { get; set; }
    }
}
