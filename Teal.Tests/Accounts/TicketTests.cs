using Teal.Accounts.Faults;
using Teal.Accounts.Tickets;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>A ticket is the same as what its maker came with, for one connection within 20 seconds (specification 8.3).</summary>
public sealed class TicketTests
{
    private const string Page = "https://app.example.org";

    private SecretHouse _accounts = null!;

    [SetUp]
    public void Start() => _accounts = new SecretHouse();

    [TearDown]
    public void Stop() => _accounts.Dispose();

    [Test]
    public async Task Ticket_OfSomebody_LetsInAsHim()
    {
        var made = await MakeAsync();

        made.Text.Should().MatchRegex("^tealticket_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$");
        made.Lifetime.Should().Be(TimeSpan.FromSeconds(20));
        var identity = (await BringAsync(made))!;
        identity.Account.Should().Be(Identity.AnonymousName);
        identity.MayMakeCredentials.Should().BeFalse();
        (await BringAsync(await MakeAsync())).Should().BeSameAs(identity);
        $"{made}".Should().NotContain(made.Text);
    }

    [Test]
    public async Task Ticket_ThatIsReplayed_IsRefused()
    {
        var made = await MakeAsync();
        await BringAsync(made);

        (await BringAsync(made)).Should().BeNull();
    }

    [Test]
    public async Task Ticket_AfterTwentySeconds_IsRefused()
    {
        var (first, second) = (await MakeAsync(), await MakeAsync());
        _accounts.Clock.Advance(TimeSpan.FromSeconds(20) - TimeSpan.FromMilliseconds(1));
        (await BringAsync(first)).Should().NotBeNull();

        _accounts.Clock.Advance(TimeSpan.FromMilliseconds(1));

        (await BringAsync(second)).Should().BeNull();
    }

    [TestCase("https://evil.example.org")]
    [TestCase("http://app.example.org")]
    [TestCase("https://APP.example.org")]
    [TestCase("null")]
    [TestCase(null)]
    public async Task Ticket_OfAnotherOrigin_IsRefusedAndNotUsedUp(string? origin)
    {
        var made = await MakeAsync(origin: Page);

        (await BringAsync(made, origin)).Should().BeNull();

        (await BringAsync(made, Page)).Should().NotBeNull();
    }

    [Test]
    public async Task Ticket_OfAProgram_CanBeGivenToAnyPage() => (await BringAsync(await MakeAsync(), Page)).Should().NotBeNull();

    [Test]
    public async Task Ticket_MadeWithAKey_IsAsNarrowAsTheKey()
    {
        var key = await _accounts.MakeKeyAsync(["read callback:a"]);
        var maker = (await _accounts.AskTokenAsync(key.Text))!;

        var identity = (await BringAsync(await MakeAsync(maker)))!;

        identity.Should().BeSameAs(maker);
        identity.May(Act.Read, new Topic(EventKinds.Callback, "b")).Should().BeFalse();
    }

    [Test]
    public async Task Ticket_OfAKeyThatIsRevokedMeanwhile_IsRefused()
    {
        var key = await _accounts.MakeKeyAsync();
        var made = await MakeAsync((await _accounts.AskTokenAsync(key.Text))!);
        await _accounts.Keys.RevokeAsync(Identity.Anonymous, key.Key.Id, CancellationToken.None);

        (await BringAsync(made)).Should().BeNull();
    }

    [TestCase("")]
    [TestCase("tealticket_")]
    [TestCase("tealticket_0000000000000000000000000000000000000000000_000000")]
    [TestCase("tealticket_０000000000000000000000000000000000000000000_000000")]
    public async Task Ticket_ThatIsNone_IsRefusedWithoutAskingAnybody(string text)
    {
        var asked = _accounts.Store.Asked;

        (await _accounts.AskAsync(new Credential.Ticket(text))).Should().BeNull();

        _accounts.Store.Asked.Should().Be(asked);
    }

    [Test]
    public async Task Ticket_ThatNobodyMade_CostsTheStoreNoWrite()
    {
        for (var i = 0; i < 100; i++) (await _accounts.AskAsync(new Credential.Ticket(TicketService.Form.Make()))).Should().BeNull();

        _accounts.Store.Written.Should().Be(0);
    }

    [Test]
    public async Task Ticket_BroughtInAnotherWay_IsRefused()
    {
        var made = await MakeAsync();

        (await _accounts.AskTokenAsync(made.Text)).Should().BeNull();
        (await _accounts.AskBasicAsync(Identity.AnonymousName, made.Text)).Should().BeNull();
    }

    [Test]
    public async Task Make_MoreThanAnAccountMayHave_IsRefusedForAWhileAndLeavesRoomForOthers()
    {
        _accounts.Options.Tickets.MaximumPerAccount = 2;
        var other = new Identity { Account = "bert", Permissions = Permissions.AllButAdmin };
        await MakeAsync();
        await MakeAsync();

        (await RefuseAsync(Identity.Anonymous)).Should().Be(AccountFaultCode.TooMany);
        await MakeAsync(other);
        _accounts.Clock.Advance(TimeSpan.FromSeconds(20));
        await MakeAsync();
    }

    [Test]
    public async Task Make_MoreThanThereMayBe_IsRefused()
    {
        _accounts.Options.Tickets.Maximum = 1;
        await MakeAsync();

        (await RefuseAsync(new Identity { Account = "bert", Permissions = Permissions.AllButAdmin })).Should().Be(AccountFaultCode.TooMany);
    }

    private async Task<TicketResult.Made> MakeAsync(Identity? by = null, string? origin = null) =>
        (await _accounts.Tickets.MakeAsync(by ?? Identity.Anonymous, origin, CancellationToken.None))
        .Should().BeOfType<TicketResult.Made>().Which;

    private async Task<AccountFaultCode> RefuseAsync(Identity by) =>
        (await _accounts.Tickets.MakeAsync(by, null, CancellationToken.None)).Should().BeOfType<TicketResult.Refused>().Which.Fault.Code;

    private Task<Identity?> BringAsync(TicketResult.Made made, string? origin = null) =>
        _accounts.AskAsync(new Credential.Ticket(made.Text), origin: origin);
}
