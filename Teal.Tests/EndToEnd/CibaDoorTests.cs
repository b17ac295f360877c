using System.Text;
using Teal.Core.Ciba;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>A request that was created takes notifications with its token alone, and they are its team's.</summary>
[TestFixture("Memory")]
[TestFixture("Embedded")]
[TestFixture("Distributed", Category = "Redis,RabbitMq")]
[NonParallelizable]
public sealed class CibaDoorTests(string deployment) : CibaDoorFixture(deployment)
{
    [Test]
    public async Task Notification_OfACreatedRequest_IsTheCreatorsTeamsAlone()
    {
        await using var beta = await ConnectAsync(Beta);
        await RegisterAsync(beta);
        await using var acme = await ConnectAsync(Acme);
        (await AskAsync(acme, new { id = 1, create = Created(), register_to = Request() })).Should().Be("ack");
        await using var anonymous = await ConnectAsync(Anonymous, null);
        await anonymous.SendAsync(new { register_to = Request() });
        await anonymous.SettleAsync();

        (await NotifyAsync()).Status.Should().Be(204);

        foreach (var client in new[] { acme, anonymous })
            (await ReceiveAsync(client)).GetProperty("access_token").GetString().Should().Be(Token);
        await NothingMoreAsync(beta);
        await FindsNothingAsync(beta);
    }

    [TestCase("x")]
    [TestCase("8d67dc78-7faa-4d41-aabd-67707b37425")]
    [TestCase("8d67dc78-7faa-4d41-aabd-67707b3742555")]
    [TestCase("8D67DC78-7FAA-4D41-AABD-67707B374255")]
    public async Task Notification_WithAnotherToken_IsRefusedAsOneWithoutAnyIs(string token)
    {
        await using var acme = await ConnectAsync(Acme);
        (await AskAsync(acme, new { id = 1, create = Created(), register_to = Request() })).Should().Be("ack");

        var refused = await NotifyAsync(token);

        refused.Status.Should().Be(401);
        Describe(refused).Should().Be(Describe(await NotifyAsync("malformed token")));
        await NothingMoreAsync(acme);
        (await NotifyAsync(token, "another")).Status.Should().Be(204, "nobody created that one");
        (await NotifyAsync()).Status.Should().Be(204);
        (await ReceiveAsync(acme)).GetProperty("request_id").GetString().Should().Be("r");
    }

    [Test]
    public async Task Create_Again_HasTheLaterTokenCount()
    {
        await using var acme = await ConnectAsync(Acme);
        await CreateAsync(acme, token: "first");
        await CreateAsync(acme, token: "second");

        (await NotifyAsync("first")).Status.Should().Be(401);
        (await NotifyAsync("second")).Status.Should().Be(204);
    }

    [Test]
    public async Task Request_OfAnotherTeam_CanBeNeitherReplacedNorDeleted()
    {
        await using var acme = await ConnectAsync(Acme);
        await CreateAsync(acme);
        foreach (var account in new[] { Beta, Anonymous })
        {
            await using var other = await ConnectAsync(account);
            (await AskAsync(other, new { id = 1, create = Created(token: "mine") })).Should().Be("state_taken");
            (await AskAsync(other, new { id = 2, delete = Request() })).Should().Be("ack", "as for one that is not there");
            (await NotifyAsync("mine")).Status.Should().Be(401);
        }

        (await NotifyAsync()).Status.Should().Be(204);
        (await AskAsync(acme, new { id = 1, delete = Request() })).Should().Be("ack");
        (await NotifyAsync("mine")).Status.Should().Be(204, "nobody waits for it");
        await using var beta = await ConnectAsync(Beta);
        await CreateAsync(beta, token: "mine");
        (await NotifyAsync()).Status.Should().Be(401);
    }

    [Test]
    public async Task Delete_OfARequest_ForgetsItsEvents()
    {
        await using var acme = await ConnectAsync(Acme);
        await CreateAsync(acme);
        await NotifyAsync();

        (await AskAsync(acme, new { id = 1, delete = Request() })).Should().Be("ack");

        await FindsNothingAsync(acme);
    }

    [Test]
    public async Task Create_ByWhoeverMayNot_IsRefused()
    {
        await using var bob = await ConnectAsync("bob");
        (await AskAsync(bob, new { id = 1, create = Created() })).Should().Be("not_allowed");
        (await AskAsync(bob, new { id = 2, delete = Request() })).Should().Be("not_allowed");
        (await AskAsync(bob, new { id = 3, register_to = Request() })).Should().Be("not_allowed");

        (await NotifyAsync("any")).Status.Should().Be(204);
    }

    [Test]
    public async Task Create_WithALifetimeThatIsNone_IsRefused()
    {
        await using var acme = await ConnectAsync(Acme);
        (await AskAsync(acme, new { id = 1, create = Created(expiresAt: RealClock.Now.AddSeconds(1)) })).Should().Be("expires_too_early");
        (await AskAsync(acme, new { id = 2, create = Created(expiresAt: RealClock.Now.AddDays(8)) })).Should().Be("expires_too_late");
    }

    [Test]
    public async Task Create_InTheClassicProtocol_IsIgnored()
    {
        await using var acme = await ConnectAsync(Acme, null);
        await acme.SendAsync(new { create = Created(), register_to = Request() });
        await acme.SettleAsync();

        (await NotifyAsync("any")).Status.Should().Be(204);
        await acme.ReceivesNothingAsync();
    }

    [Test]
    public async Task Store_OfACreatedRequest_HasNeitherTokenNorId()
    {
        var requestId = new string('i', 4096);
        await using var acme = await ConnectAsync(Acme);
        await CreateAsync(acme, requestId);
        var found = await ((CibaRequestService)Server.Services.GetService(typeof(CibaRequestService))!).FindAsync(requestId);

        found!.Owner.Should().Be("acme");
        found.ToString().Should().Be("CibaRequest of acme");
        var kept = IsDistributed
            ? Encoding.Latin1.GetString((byte[])(await Redis.SendAsync("EVAL", DumpAll, "0"))!)
            : string.Concat(Directory.GetFiles(Folder.Path, "teal.db*").Select(static file => Encoding.Latin1.GetString(ReadAll(file))));
        kept.Should().NotContain(Token).And.NotContain("iiiiiiii");
    }

    private static async Task FindsNothingAsync(TestClient client)
    {
        var all = new { type = "openid_ciba_callback", request_id = "r", after = "earliest", tell_end = true };
        (await AskAsync(client, new { id = 1, register_to = all })).Should().Be("ack");
        (await ReceiveAsync(client)).GetProperty("type").GetString().Should().Be("replayed");
    }

    private const string DumpAll =
        "local all = '' for _, key in ipairs(redis.call('KEYS', '*')) do all = all .. key .. ' ' .. redis.call('DUMP', key) end return all";

    // The server has it open.
    private static byte[] ReadAll(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
