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
    private const int States = 4, Hits = 500, Changes = 20;

    private static readonly Identity Admin = new() { Account = "root", Permissions = Permissions.All, MayMakeCredentials = true };

    private readonly TemporaryFolder _folder = new();
    private RedisServer? _redis;
    private TestServer _server = null!;
    private TestServer _changing = null!;
    private int _hits;

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

        var ownEvents = CountAsync(owner);
        var (seen, foreign) = (WatchAsync(colleague), WatchAsync(stranger));
        await Task.WhenAll(HitAsync(), ChangeAsync("colleague"), ChangeAsync("stranger"));

        // Each of the owner's once, and in order.
        (await ownEvents.WithinLimit()).Should().Equal(Enumerable.Range(0, Hits));

        // Behind the last event there is one that ends the watching: the account is removed.
        await RemoveAsync("colleague");
        await RemoveAsync("stranger");
        (await seen.WithinLimit()).WithoutRight.Should().Be(0, "each came between a registration and its end");
        (await foreign.WithinLimit()).Events.Should().Be(0, "they are another team's");
        TestContext.Out.WriteLine($"the colleague got {(await seen).Events} events, and lost {(await seen).Lost} registrations");
        (await seen).Lost.Should().BePositive("rights were lost meanwhile");
        (await seen).Events.Should().BePositive("there were rights meanwhile");
    }

    private static async Task<int[]> CountAsync(TestClient client)
    {
        var numbers = new List<int>();
        while (numbers.Count < Hits)
        {
            var message = JsonDocument.Parse((await client.ReceiveForeverAsync())!).RootElement;
            message.GetProperty("type").GetString().Should().Be("callback");
            numbers.Add(NumberIn(message));
        }

        return [.. numbers.Order()];
    }

    // Registers for all, again and again, from the earliest event on, and sees whether an event comes without a registration.
    private static async Task<Watched> WatchAsync(TestClient client)
    {
        var (registered, asked, watched) = (new HashSet<string>(), new Queue<string>(), new Watched());
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
                    watched.Lost++;
                    var lost = message.GetProperty("topic").GetProperty("state").GetString()!;
                    registered.Remove(lost);
                    await AskAsync(lost);
                    break;
                case "error":
                    await AskAsync(asked.Dequeue());
                    break;
            }
        }

        ((int?)client.CloseStatus).Should().Be(4401);
        return watched;

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

    private async Task HitAsync()
    {
        for (var hit = 0; hit < Hits; hit++)
        {
            (await _server.GetAsync($"/callback?state=s{hit % States}&n={hit}")).Status.Should().Be(204);
            Volatile.Write(ref _hits, hit);
        }
    }

    private async Task ChangeAsync(string name)
    {
        string[][] rights =
            [[], ["read callback:s1"], ["read callback:*"], ["create callback:*"], ["read callback:*", "create callback:*"]];
        for (var change = 0; change < Changes; change++)
        {
            var from = change * Hits / Changes;
            await Eventually.HoldsAsync(() => Volatile.Read(ref _hits) >= from, "more events");
            var account = (await Accounts.FindAsync(Admin, name, CancellationToken.None))!;
            (await Accounts.SetAsync(Admin, account with { Permissions = rights[change % rights.Length] }, null, CancellationToken.None))
                .Should().BeOfType<AccountResult.Done>();
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

        public int Lost { get; set; }
    }
}
