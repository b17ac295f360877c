using System.Globalization;
using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>A team gets, replaces and deletes what is its own, and nothing of another one's.</summary>
[TestFixture("Memory")]
[TestFixture("Embedded")]
[TestFixture("Distributed", Category = "Redis,RabbitMq")]
[NonParallelizable]
public sealed class OwnerTests(string deployment) : OwnerFixture(deployment)
{
    [TestCase(null)]
    [TestCase("teal.v2")]
    public async Task Registration_ThatWasThereBeforeAnotherTeamsState_GetsNothingOfIt(string? subprotocol)
    {
        await using var beta = await ConnectAsync(Beta, subprotocol);
        await using var colleague = await ConnectAsync("bob", subprotocol);
        await using var auditor = await ConnectAsync(Auditor, subprotocol);
        await using var anonymous = await ConnectAsync(Anonymous, subprotocol);
        foreach (var client in new[] { beta, colleague, auditor, anonymous }) await RegisterAsync(client, "s");
        await using var acme = await ConnectAsync(Acme, subprotocol);
        await acme.SendAsync(new { create = Creation("s"), register_to = Of("s") });
        await RegisterAsync(acme, "s");

        for (var i = 1; i <= 3; i++) await HitAsync("s", i);

        foreach (var client in new[] { acme, colleague, auditor, anonymous })
        {
            for (var i = 1; i <= 3; i++) NumberOf(await ReceiveAsync(client)).Should().Be(i);
        }

        await NothingMoreAsync(beta);
    }

    [Test]
    public async Task Replay_OfAnotherTeamsEvents_BringsNothing()
    {
        await using var acme = await ConnectAsync(Acme);
        (await AskAsync(acme, new { id = 1, create = Creation("s") })).Should().Be("ack");
        for (var i = 1; i <= 3; i++) await HitAsync("s", i);

        foreach (var (account, numbers) in new[] { (Beta, 0), (Acme, 3), ("bob", 3), (Auditor, 3), (Anonymous, 3) })
        {
            await using var client = await ConnectAsync(account);
            var all = new { type = "callback", state = "s", after = "earliest", tell_end = true };
            await client.SendAsync(new { id = 1, register_to = all });
            (await ReceiveAsync(client)).GetProperty("cursor").GetString().Should().Be("earliest");
            for (var i = 1; i <= numbers; i++) NumberOf(await ReceiveAsync(client)).Should().Be(i);
            var end = await ReceiveAsync(client);
            end.GetProperty("type").GetString().Should().Be("replayed");
            if (account == Beta) end.GetProperty("cursor").GetString().Should().Be("earliest", "it got nothing");
        }
    }

    [Test]
    public async Task State_OfAnotherTeam_CanBeNeitherReplacedNorDeleted()
    {
        await using var acme = await ConnectAsync(Acme);
        (await AskAsync(acme, new { id = 1, create = Creation("s"), register_to = Of("s") })).Should().Be("ack");
        await HitAsync("s", 1);
        NumberOf(await ReceiveAsync(acme)).Should().Be(1);
        var cursor = (await EndAsync(acme, "s")).Cursor;

        foreach (var account in new[] { Beta, Anonymous })
        {
            await using var other = await ConnectAsync(account);
            (await AskAsync(other, new { id = 1, create = Creation("s") })).Should().Be("state_taken");
            (await AskAsync(other, new { id = 2, create = Creation("s"), register_to = Of("t") })).Should().Be("state_taken");
            (await AskAsync(other, new { id = 3, delete = Of("s") })).Should().Be("ack", "as for one that is not there");
            (await AskAsync(other, new { id = 4, delete = Of("unknown") })).Should().Be("ack");
            await using var classic = await ConnectAsync(account, null);
            await classic.SendAsync(new { create = Creation("s"), register_to = Of("s") });
            (await classic.ReceiveAsync()).Should().StartWith("{\"type\":\"callback_creation_failure\",\"state\":\"s\",");
            await classic.ReceivesNothingAsync();
        }

        await HitAsync("s", 2);
        NumberOf(await ReceiveAsync(acme)).Should().Be(2);
        (await EndAsync(acme, "s", cursor)).Numbers.Should().Equal(2);
        await using var colleague = await ConnectAsync(Acme);
        (await AskAsync(colleague, new { id = 1, create = Creation("s") })).Should().Be("ack");
        (await AskAsync(colleague, new { id = 2, delete = Of("s") })).Should().Be("ack");
        (await Server.GetAsync("/callback?state=s")).Status.Should().Be(404);
        (await EndAsync(acme, "s")).Numbers.Should().BeEmpty();
    }

    [Test]
    public async Task State_ThatAnotherTeamHadBefore_IsOnesOwnWithoutThePast()
    {
        await using var acme = await ConnectAsync(Acme);
        await using var beta = await ConnectAsync(Beta);
        (await AskAsync(acme, new { id = 1, create = Creation("s"), register_to = Of("s") })).Should().Be("ack");
        await HitAsync("s", 1);
        NumberOf(await ReceiveAsync(acme)).Should().Be(1);

        // Its end comes, and its events are not swept yet.
        await Server.States.DeleteAsync("s", Acme, CancellationToken.None);
        (await AskAsync(beta, new { id = 1, create = Creation("s"), register_to = Of("s") })).Should().Be("ack");
        await HitAsync("s", 2);

        NumberOf(await ReceiveAsync(beta)).Should().Be(2);
        (await EndAsync(beta, "s")).Numbers.Should().Equal(2);
        (await EndAsync(acme, "s")).Numbers.Should().Equal(1);
    }

    [Test]
    public async Task Events_OfNobody_ReachWhoeverMayReadThem()
    {
        await using var acme = await ConnectAsync(Acme);
        await using var beta = await ConnectAsync(Beta);
        await using var auditor = await ConnectAsync(Auditor);
        object[] topics = [new { type = "openid_ciba_callback", request_id = "r" }, new { type = "powens_domain", powens_domain = "d" }];
        foreach (var client in new[] { acme, beta })
        {
            foreach (var topic in topics) (await AskAsync(client, new { id = 1, register_to = topic })).Should().Be("ack");
        }

        (await AskAsync(auditor, new { id = 1, register_to = new { type = "powens_domain", powens_domain = "d" } }))
            .Should().Be("not_allowed");
        var (headers, body) = (new[] { "Authorization: Bearer t" }, "{\"auth_req_id\":\"r\"}"u8.ToArray());
        (await RawHttp.SendAsync(Server.Listener, "POST", "/openid-ciba-callback", headers, body)).Status.Should().Be(204);
        (await RawHttp.SendAsync(Server.Listener, "POST", "/powens-webhook/d.biapi.pro/E", headers, body)).Status.Should().Be(204);

        foreach (var client in new[] { acme, beta })
        {
            var types = new[] { await ReceiveAsync(client), await ReceiveAsync(client) }.Select(static it => $"{it.GetProperty("type")}");
            types.Should().BeEquivalentTo("openid_ciba_callback", "powens_webhook");
        }
    }

    [Test]
    public async Task State_OfAnonymous_IsNoTeams()
    {
        await using var anonymous = await ConnectAsync(Anonymous, null);
        await anonymous.BindAsync("s");
        await using var beta = await ConnectAsync(Beta);
        (await AskAsync(beta, new { id = 1, create = Creation("s") })).Should().Be("state_taken");
        (await AskAsync(beta, new { id = 2, register_to = Of("s") })).Should().Be("ack");

        await HitAsync("s", 1);

        NumberOf(await ReceiveAsync(anonymous)).Should().Be(1);
        await NothingMoreAsync(beta);
        (await EndAsync(beta, "s")).Numbers.Should().BeEmpty();
    }

    // ForeignTopicTests tries more, with a clock that stands still, which Redis' does not.
    [Test]
    public async Task Registration_ForAnotherTeamsTopic_IsToldWhatItWouldBeToldOfAnUnknownOne()
    {
        await using var acme = await ConnectAsync(Acme);
        (await AskAsync(acme, new { id = 1, create = Creation("s"), register_to = Of("s") })).Should().Be("ack");
        await HitAsync("s", 1);
        var cursor = (await ReceiveAsync(acme)).GetProperty("cursor").GetString()!;
        var position = long.Parse(cursor[..14], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

        string?[] afters =
            [null, "earliest", .. new[] { 0, -1, -60_000_000, 60_000_000 }.Select(distance => $"{position + distance:x14}")];
        foreach (var isDeleted in new[] { false, true })
        {
            if (isDeleted) (await AskAsync(acme, new { id = 2, delete = Of("s") })).Should().Be("ack");
            foreach (var after in afters)
            {
                var foreign = await AnswersAsync("s", after);
                foreign.Select(TypeOf).Should().Equal((await AnswersAsync("unknown", after)).Select(TypeOf), "after {0}", after);
                if (after != cursor[..14]) string.Join(' ', foreign).Should().NotContain(cursor[..14]);
            }
        }
    }

    private static string TypeOf(string message) => JsonDocument.Parse(message).RootElement.GetProperty("type").GetString()!;

    private async Task<List<string>> AnswersAsync(string state, string? after)
    {
        var answers = new List<string>();
        await using var beta = await ConnectAsync(Beta);
        await beta.SendAsync(new { id = 1, register_to = new { type = "callback", state, after, tell_end = true } });
        do answers.Add((await beta.ReceiveAsync())!);
        while (TypeOf(answers[^1]) != "replayed");
        return answers;
    }

    private static async Task RegisterAsync(TestClient client, string state)
    {
        if (client.Socket.SubProtocol is null) await client.RegisterAsync(state);
        else (await AskAsync(client, new { id = 1, register_to = Of(state) })).Should().Be("ack");
    }

    // What a client gets of a topic from its beginning on, and the cursor behind it.
    private static async Task<(List<int> Numbers, string Cursor)> EndAsync(TestClient client, string state, string after = "earliest")
    {
        var numbers = new List<int>();
        await client.SendAsync(new { id = 1, register_to = new { type = "callback", state, after, tell_end = true } });
        while (true)
        {
            var message = await ReceiveAsync(client);
            if (message.GetProperty("type").GetString() == "callback") numbers.Add(NumberOf(message));
            if (message.GetProperty("type").GetString() == "replayed") return (numbers, message.GetProperty("cursor").GetString()!);
        }
    }
}
