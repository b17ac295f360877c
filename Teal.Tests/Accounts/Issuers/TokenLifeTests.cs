using Teal.Accounts.Directory;
using Teal.Accounts.Issuers;
using Teal.Accounts.Tickets;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts.Issuers;

/// <summary>What becomes of those who came with a token: their connections, their next tokens, and the tickets that they make.</summary>
public sealed class TokenLifeTests
{
    private IssuerHarness _harness = null!;

    private TokenIssuer Issuer => _harness.Issuer;

    private IIdentityRenewal Renewal => _harness.House.Renewal;

    [SetUp]
    public async Task StartAsync() => _harness = await IssuerHarness.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _harness.DisposeAsync();

    [Test]
    public async Task Renew_AnIdentityOfAToken_StaysAsItIs()
    {
        var identity = await _harness.AcceptAsync(Issuer.Draft("anna").With("role", "member"));

        (await RenewAsync(identity)).Should().BeSameAs(identity);
    }

    [Test]
    public async Task Renew_WhoseIssuerIsTakenOutOfTheSettings_IsOver()
    {
        var identity = await _harness.AcceptAsync(Issuer.Draft("anna"));

        _harness.House.Issuers.Replace(new IssuersOptions());

        (await RenewAsync(identity)).Should().BeNull();
        await _harness.RefuseAsync(Issuer.Draft("anna").Sign(), "UnknownIssuer");
    }

    // What a team owns is not for whoever an issuer calls so, also once nobody is left in it.
    [Test]
    public async Task Token_WithTheNameOfATeam_IsRefused()
    {
        await _harness.House.AddAsync("bert", "a long password", static account => account with { Team = "shop" });

        await _harness.RefuseAsync(Issuer.Draft("shop").Sign(), "WrongAccount");
        await _harness.House.Service.RemoveAsync(SecretHouse.Admin, "bert", CancellationToken.None);
        _harness.Clock.Advance(TimeSpan.FromMinutes(1));
        (await _harness.CheckAsync(Issuer.Draft("shop").Sign())).Should().BeSameAs(AuthenticationResult.NotProven);
        (await _harness.CheckAsync(Issuer.Draft("bert").Sign())).Should().BeOfType<AuthenticationResult.Accepted>("it was no team's name");
    }

    // Its team was not noted when it was stored.
    [Test]
    public async Task Token_WithTheNameOfATeamOfAnEarlierVersion_IsRefused()
    {
        var account = new Account { Name = "bert", Origin = AccountOrigin.Store, Team = "shop" };
        await _harness.House.Store.PutAsync("account", "bert", AccountRecord.Write(account), null, null, CancellationToken.None);

        await _harness.RefuseAsync(Issuer.Draft("shop").Sign(), "WrongAccount");
    }

    [Test]
    public async Task Token_WhileTheStoreIsAway_GoesOnToCountForAWhile()
    {
        var token = Issuer.Draft("anna").Sign();
        (await _harness.CheckAsync(token)).Should().BeOfType<AuthenticationResult.Accepted>();

        _harness.House.Store.IsAway = true;
        _harness.Clock.Advance(TimeSpan.FromSeconds(59));
        (await _harness.CheckAsync(token)).Should().BeOfType<AuthenticationResult.Accepted>();
        (await _harness.CheckAsync(Issuer.Draft("zoe").Sign())).Should().BeOfType<AuthenticationResult.Unavailable>();
        _harness.Clock.Advance(TimeSpan.FromSeconds(2));
        (await _harness.CheckAsync(token)).Should().BeOfType<AuthenticationResult.Unavailable>();
    }

    [Test]
    public async Task Refresh_WithATokenOfTheSameAccount_EndsLater()
    {
        var identity = await _harness.AcceptAsync(Issuer.Draft("anna").With("role", "member"));
        _harness.Clock.Advance(TimeSpan.FromMinutes(4));

        var refreshed = (await RefreshAsync(identity, Issuer.Draft("anna").Sign())).Should().BeOfType<AuthenticationResult.Accepted>()
            .Which.Identity;

        refreshed.ExpiresAt.Should().Be(identity.ExpiresAt + TimeSpan.FromMinutes(4));
        refreshed.Role.Should().BeNull("the new token says no role");
        (await RenewAsync(refreshed)).Should().BeSameAs(refreshed);
    }

    [Test]
    public async Task Refresh_WithATokenOfAnotherAccount_IsRefused()
    {
        var identity = await _harness.AcceptAsync(Issuer.Draft("anna"));

        (await RefreshAsync(identity, Issuer.Draft("bert").Sign())).Should().BeSameAs(AuthenticationResult.NotProven);
        (await RefreshAsync(identity, "no token")).Should().BeSameAs(AuthenticationResult.NotProven);
        (await RefreshAsync(Identity.Anonymous, Issuer.Draft("anna").Sign())).Should().BeSameAs(AuthenticationResult.NotProven);
    }

    [Test]
    public async Task Refresh_WithATokenOfAnotherIssuerForTheSameName_IsRefused()
    {
        var identity = await _harness.AcceptAsync(Issuer.Draft("anna"));
        await using var other = await TokenIssuer.StartAsync(_harness.Clock);
        var options = new IssuersOptions
        {
            Issuers =
            [
                .. _harness.House.Options.Issuers.Issuers,
                new IssuerOptions { Name = "other", Issuer = other.Name, Audience = "teal" },
            ],
        };
        _harness.House.Issuers.Replace(options);

        (await RefreshAsync(identity, other.Draft("anna").Sign())).Should().BeSameAs(AuthenticationResult.NotProven);
    }

    [Test]
    public async Task Refresh_WithAKey_IsRefused()
    {
        var key = await _harness.House.MakeKeyAsync();

        (await RefreshAsync(Identity.Anonymous, key.Text)).Should().BeSameAs(AuthenticationResult.NotProven);
    }

    [Test]
    public async Task Ticket_OfAToken_LetsInAsTheTokenDoes()
    {
        var identity = await _harness.AcceptAsync(Issuer.Draft("anna").With("role", "member"));

        var ticket = (await _harness.House.Tickets.MakeAsync(identity, null, CancellationToken.None))
            .Should().BeOfType<TicketResult.Made>().Which.Text;
        var entered = await _harness.House.AskAsync(new Credential.Ticket(ticket));

        entered.Should().BeEquivalentTo(
            new { identity.Account, identity.Team, identity.Role, identity.Issuer, identity.ExpiresAt, MayMakeCredentials = false });
        entered!.Permissions.May(Act.Create, new Topic(EventKinds.Callback, "a")).Should().BeTrue();
        (await RenewAsync(entered)).Should().BeSameAs(entered);
    }

    private Task<Identity?> RenewAsync(Identity identity) => Renewal.RenewAsync(identity, CancellationToken.None).AsTask().WithinLimit();

    private Task<AuthenticationResult> RefreshAsync(Identity identity, string token) =>
        Renewal.RefreshAsync(identity, token, CancellationToken.None).AsTask().WithinLimit();
}
