using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// Accounts, permissions and messages are drawn, and what a server answers, sends and keeps is compared with <see cref="Model"/>.
/// </summary>
public sealed class OwnerModelTests
{
    private const string Witness = "witness";
    private const int Accounts = 4, Steps = 25;

    private static readonly string[] Teams = ["acme", "beta", "anonymous"];
    private static readonly string[] States = ["a", "ab", "b"];
    private static readonly string[] Acts = ["create", "read", "read-any"];
    private static readonly string[] Grants = [.. Acts.SelectMany(static act => (string[])[$"{act} *", $"{act} a*", $"{act} *b"])];

    [Test]
    public void Messages_OfDrawnAccounts_AreAnsweredAndDeliveredAsTheModelDoes()
    {
        var account = Gen.Elements(Teams).SelectMany(
            static team => Gen.Elements(Grants).ListOf(3).Select(grants => new Account(team, [.. grants])));
        var step = Gen.Choose(0, Accounts - 1).SelectMany(
            static by => Gen.Elements("create", "delete", "register", "hit", "hit").SelectMany(
                what => Gen.Elements(States).Select(state => new Step(by, what, state))));
        var run = account.ListOf(Accounts).SelectMany(
            accounts => step.ListOf(Steps).Select(steps => new Run([.. accounts], [.. steps])));

        Prop.ForAll(run.ToArbitrary(), static drawn => HoldsAsync(drawn))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    private static async Task<bool> HoldsAsync(Run run)
    {
        await using var server = await TestServer.StartAsync(configure: TestAccounts.Of(
            [.. run.Accounts.Select(static (account, i) => TestAccounts.Account($"account{i}", account.Team, [.. account.Permissions]))]));
        await server.BindAsync(Witness);
        var clients = new Client[Accounts];
        for (var i = 0; i < Accounts; i++)
        {
            clients[i] = new Client(await TestClient.ConnectAsync(server.Dispatcher, subprotocol: "teal.v2", user: $"account{i}"));
            await clients[i].AskAsync(new { id = 1, register_to = Topic(Witness) });
        }

        var model = new Model();
        for (var i = 0; i < Steps; i++)
        {
            var step = run.Steps[i];
            var answer = step.What == "hit" ? await HitAsync(server, step.State, i) : await clients[step.By].DoAsync(step);
            answer.Should().Be(model.Do(run.Accounts, step, i), "it is step {0} of {1}", i, run);
        }

        await HitAsync(server, Witness, Steps);
        for (var i = 0; i < Accounts; i++)
        {
            var sent = model.Sent.Where(sent => sent.To == i).Select(static sent => sent.Number).Append(Steps).ToArray();
            (await clients[i].TakeAsync(sent.Length)).Should().BeEquivalentTo(sent, "it is what account {0} gets in {1}", i, run);
            foreach (var state in States)
                (await clients[i].ReplayAsync(state)).Should().Equal(
                    model.Kept(run.Accounts[i], state), "it is what account {0} finds of {1} in {2}", i, state, run);
            await clients[i].DisposeAsync();
        }

        return true;
    }

    private static object Topic(string state, string? after = null) => new { type = "callback", state, after, tell_end = true };

    private static async Task<string> HitAsync(TestServer server, string state, int number) =>
        (await server.GetAsync($"/callback?state={state}&n={number}")).Status == 204 ? "ack" : "unknown";

    /// <summary>What holds, in the fewest words.</summary>
    private sealed class Model
    {
        private readonly Dictionary<string, string> _owners = [];
        private readonly HashSet<(int By, string State)> _registered = [];
        private readonly List<(string State, string Owner, int Number)> _kept = [];

        public List<(int To, int Number)> Sent { get; } = [];

        public string Do(Account[] accounts, Step step, int number)
        {
            var (by, state, owner) = (accounts[step.By], step.State, _owners.GetValueOrDefault(step.State));
            if (step.What is "create" or "delete" && !by.May("create", state)) return "not_allowed";
            if (step.What == "register" && !by.May("read", state) && !by.May("read-any", state)) return "not_allowed";
            if (step.What == "create" && owner is not null && owner != by.Team) return "state_taken";
            if (step.What == "hit" && owner is null) return "unknown";

            if (step.What == "create") _owners[state] = by.Team;
            if (step.What == "delete" && owner == by.Team) _kept.RemoveAll(kept => kept.State == state);
            if (step.What == "delete" && owner == by.Team) _owners.Remove(state);
            if (step.What == "register") _registered.Add((step.By, state));
            if (step.What != "hit") return "ack";

            _kept.Add((state, owner!, number));
            Sent.AddRange(_registered.Where(to => to.State == state).Where(to => Sees(accounts[to.By], state, owner!))
                .Select(to => (to.By, number)));
            return "ack";
        }

        public IEnumerable<int> Kept(Account by, string state) =>
            _kept.Where(kept => kept.State == state && Sees(by, state, kept.Owner)).Select(static kept => kept.Number);

        private static bool Sees(Account by, string state, string owner) =>
            by.May("read-any", state) || (by.May("read", state) && by.Team == owner);
    }

    /// <summary>A client that sets events aside while it waits for an answer.</summary>
    private sealed class Client(TestClient client) : IAsyncDisposable
    {
        private readonly List<int> _events = [];

        public Task<string> DoAsync(Step step) => AskAsync(step.What switch
        {
            "create" => new { id = 1, create = Creation(step.State) },
            "delete" => new { id = 1, delete = new { type = "callback", state = step.State } },
            _ => (object)new { id = 1, register_to = new { type = "callback", state = step.State } },
        });

        public async Task<string> AskAsync(object message)
        {
            await client.SendAsync(message);
            var answer = await ReceiveAsync("ack", "error");
            return answer.TryGetProperty("code", out var code) ? code.GetString()! : "ack";
        }

        public async Task<int[]> TakeAsync(int count)
        {
            while (_events.Count < count || !_events.Contains(Steps)) await ReceiveAsync("callback");
            int[] taken = [.. _events];
            _events.Clear();
            return taken;
        }

        public async Task<int[]> ReplayAsync(string state)
        {
            if (await AskAsync(new { id = 1, register_to = Topic(state, "earliest") }) == "ack") await ReceiveAsync("replayed");
            int[] replayed = [.. _events];
            _events.Clear();
            return replayed;
        }

        public ValueTask DisposeAsync() => client.DisposeAsync();

        private static object Creation(string state) =>
            new { type = "callback", state, expires_at = RealClock.InAnHour.ToString("s") };

        private async Task<JsonElement> ReceiveAsync(params string[] types)
        {
            while (true)
            {
                var message = JsonDocument.Parse((await client.ReceiveAsync())!).RootElement;
                var type = message.GetProperty("type").GetString()!;
                if (type == "callback") _events.Add(int.Parse(message.GetProperty("url").GetString()!.Split("n=")[^1]));
                if (types.Contains(type)) return message;
            }
        }
    }

    private sealed record Account(string Team, string[] Grants)
    {
        // All see the witness.
        public IEnumerable<string> Permissions => Grants.Append($"read-any {Witness}")
            .Select(static grant => grant.Replace(" ", " callback:", StringComparison.Ordinal));

        public bool May(string act, string state) => Grants.Any(grant =>
            grant == $"{act} *" || (grant == $"{act} a*" && state[0] == 'a') || (grant == $"{act} *b" && state[^1] == 'b'));

        public override string ToString() => $"{Team} ({string.Join(", ", Grants)})";
    }

    private sealed record Step(int By, string What, string State)
    {
        public override string ToString() => $"{By} {What} {State}";
    }

    private sealed record Run(Account[] Accounts, Step[] Steps)
    {
        public override string ToString() => $"{string.Join("; ", Accounts.AsEnumerable())}: {string.Join(", ", Steps.AsEnumerable())}";
    }
}
