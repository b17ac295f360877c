using Microsoft.Extensions.DependencyInjection;
using Teal.Dispatcher.Registrations;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>What registrations take is bounded in bytes, for each connection and for all (specification 7.1).</summary>
public sealed class RegistrationBudgetTests
{
    private const int KiB = 1024, Budget = 1024 * KiB;

    private TestServer _server = null!;

    private RegistrationBudget Registrations => _server.Services.GetRequiredService<RegistrationBudget>();

    [SetUp]
    public async Task StartAsync() =>
        _server = await TestServer.StartAsync(new Dictionary<string, string> { ["Dispatcher:RegistrationBudget"] = "1 MiB" });

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Registrations_WithLongKeys_AreRefusedBeyondTheConnectionsShare()
    {
        await using var greedy = await ConnectAsync();
        var made = 0;
        while (await RegisterAsync(greedy, LongKey(made))) made++;

        made.Should().BeInRange(10, Budget / 8 / 8000);
        // Nothing of the message is done.
        await greedy.SendAsync(
            new
            {
                id = 3,
                create = new { type = "callback", state = "s", expires_at = RealClock.InAnHour.ToString("s") },
                register_to = Topic(LongKey(made)),
            });
        (await greedy.ReceiveAsync()).Should().Contain("too_many_registrations");
        (await _server.States.FindAsync("s", CancellationToken.None)).Should().BeNull();

        await using (var other = await ConnectAsync()) (await RegisterAsync(other, "short")).Should().BeTrue();
        await greedy.SendAsync(new { id = 1, unregister_from = Topic(LongKey(0)) });
        (await greedy.ReceiveAsync()).Should().Contain("\"ack\"");
        (await RegisterAsync(greedy, LongKey(made))).Should().BeTrue("one has left");
    }

    [Test]
    public async Task Registrations_OfManyConnections_LeaveEachItsFirstOnes()
    {
        var greedy = new List<TestClient>();
        try
        {
            for (var i = 0; i < 10; i++)
            {
                greedy.Add(await ConnectAsync());
                for (var n = 0; await RegisterAsync(greedy[i], LongKey(n, i)); n++) Registrations.Held.Should().BeLessThanOrEqualTo(Budget);
            }

            await using var other = await ConnectAsync();
            (await RegisterAsync(other, "short")).Should().BeTrue();
            (await RegisterAsync(other, LongKey(0, 99))).Should().BeFalse();
        }
        finally
        {
            foreach (var client in greedy) await client.DisposeAsync();
        }

        await Eventually.HoldsAsync(() => Registrations.Held < Budget / 4, "they are gone, and what is vacant is unbound");
        await using var next = await ConnectAsync();
        (await RegisterAsync(next, LongKey(0, 99))).Should().BeTrue();
    }

    [Test]
    public async Task Topics_ThatComeAndGo_AreUnboundBeforeTheyTakeAll()
    {
        await using var client = await ConnectAsync();
        var refused = 0;
        for (var i = 0; i < 1000; i++)
        {
            if (!await RegisterAsync(client, LongKey(i))) refused++;
            await client.SendAsync(new { id = 2, unregister_from = Topic(LongKey(i)) });
            await client.ReceiveAsync();
            Registrations.Held.Should().BeLessThanOrEqualTo(Budget);
        }

        TestContext.Out.WriteLine($"{refused} of 1,000 were refused.");
        await Eventually.HoldsAsync(async () => await RegisterAsync(client, LongKey(1000)), "there is room");
    }

    private Task<TestClient> ConnectAsync() => TestClient.ConnectAsync(_server.Dispatcher, subprotocol: "teal.v2");

    private static string LongKey(int number, int client = 0) => $"{client} {number} {new string('x', 4000)}";

    private static object Topic(string key) => new { type = "callback", state = key };

    private static async Task<bool> RegisterAsync(TestClient client, string key)
    {
        await client.SendAsync(new { id = 1, register_to = Topic(key) });
        var answer = await client.ReceiveAsync();
        if (answer!.Contains("\"ack\"", StringComparison.Ordinal)) return true;

        answer.Should().Contain("too_many_registrations");
        return false;
    }
}
