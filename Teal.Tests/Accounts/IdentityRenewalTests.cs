using Teal.Accounts;
using Teal.Accounts.Directory;
using Teal.Accounts.Keys;
using Teal.Accounts.Management;
using Teal.Accounts.OneTimePasswords;
using Teal.Accounts.Tickets;
using Teal.Core.Addresses;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>What becomes of the identity of somebody who is connected, when his account is changed (specification 8.7).</summary>
public sealed class IdentityRenewalTests
{
    private const string Password = "a long password";

    private SecretHouse _accounts = null!;

    [SetUp]
    public async Task Start()
    {
        _accounts = new SecretHouse();
        await _accounts.AddAsync("anna", Password);
    }

    [TearDown]
    public void Stop() => _accounts.Dispose();

    [Test]
    public async Task Identities_WhereNothingChanges_StayTheSame()
    {
        foreach (var identity in await AllWaysInAsync()) (await RenewAsync(identity)).Should().BeSameAs(identity);
    }

    [Test]
    public async Task Identities_OfAnAccountThatIsRemoved_AreOver()
    {
        var all = await AllWaysInAsync();

        await _accounts.Service.RemoveAsync(SecretHouse.Admin, "anna", CancellationToken.None);

        foreach (var identity in all) (await RenewAsync(identity)).Should().BeNull();
    }

    // Whoever had the former one has nothing of the one of the same name.
    [Test]
    public async Task Identities_OfAnAccountThatIsRemovedAndMadeAgain_AreOver()
    {
        var all = await AllWaysInAsync();
        await _accounts.Service.RemoveAsync(SecretHouse.Admin, "anna", CancellationToken.None);
        _accounts.Clock.Advance(TimeSpan.FromSeconds(1));

        await _accounts.AddAsync("anna", Password);

        foreach (var identity in all) (await RenewAsync(identity)).Should().BeNull();
    }

    [Test]
    public async Task Identities_OfAnAccountThatIsDisabled_AreOver()
    {
        var all = await AllWaysInAsync();

        await ChangeAsync(static account => account with { Enabled = false });

        foreach (var identity in all) (await RenewAsync(identity)).Should().BeNull();
    }

    [Test]
    public async Task Identities_OfAnAccountWithAnotherRole_AreOthersWithItsRights()
    {
        var all = await AllWaysInAsync();

        await ChangeAsync(static account => account with { Role = BuiltInRoles.Reader });

        foreach (var identity in all)
        {
            var renewed = (await RenewAsync(identity))!;
            renewed.Should().NotBeSameAs(identity);
            (renewed.Role, renewed.KeyId, renewed.MayMakeCredentials)
                .Should().Be((BuiltInRoles.Reader, identity.KeyId, identity.MayMakeCredentials));
            (await RenewAsync(renewed)).Should().BeSameAs(renewed);
        }
    }

    // What came with the password, and what was made with it for a moment, is over; a key is not.
    [Test]
    public async Task Identities_OfAnAccountWithAnotherPassword_AreOverButForThoseOfKeys()
    {
        var all = await AllWaysInAsync();
        _accounts.Clock.Advance(TimeSpan.FromSeconds(1));

        await _accounts.Service.SetPasswordAsync(SecretHouse.Admin, "anna", "another password", CancellationToken.None);

        foreach (var identity in all) (await RenewAsync(identity) is null).Should().Be(identity.KeyId is null, identity.KeyId);
        (await _accounts.AskBasicAsync("anna", "another password")).Should().NotBeNull();
    }

    [Test]
    public async Task TicketsAndOneTimePasswords_FromBeforeAnotherPassword_AreOver()
    {
        var owner = (await _accounts.AskBasicAsync("anna", Password))!;
        var (ticket, once) = (await MakeTicketAsync(owner), await MakeOneTimePasswordAsync(owner));
        _accounts.Clock.Advance(TimeSpan.FromSeconds(1));

        await _accounts.Service.SetPasswordAsync(SecretHouse.Admin, "anna", "another password", CancellationToken.None);

        (await _accounts.AskAsync(new Credential.Ticket(ticket))).Should().BeNull();
        (await _accounts.AskBasicAsync("anna", once)).Should().BeNull();
    }

    [Test]
    public async Task Identity_WhosePasswordIsHashedAnew_StaysTheSame()
    {
        var identity = (await _accounts.AskBasicAsync("anna", Password))!;
        var options = new AccountsOptions();
        options.Hashing.Rounds = 2000;
        _accounts.Reload(options);
        _accounts.Clock.Advance(TimeSpan.FromMinutes(2));
        await _accounts.AskBasicAsync("anna", Password);

        await Eventually.HoldsAsync(async () => (await HashAsync()).Contains("i=2000", StringComparison.Ordinal), "another hash");
        _accounts.Clock.Advance(TimeSpan.FromSeconds(2));

        (await RenewAsync(identity)).Should().BeSameAs(identity);
    }

    [Test]
    public async Task Identity_OfAnAccountOfTheSettings_IsOverWithAnotherPassword()
    {
        using var accounts = new SecretHouse(configure: static options => Set(options, "the first password"));
        var identity = (await accounts.AskBasicAsync("bert", "the first password"))!;
        accounts.Reload(Set(new AccountsOptions(), "the first password"));
        (await accounts.Renewal.RenewAsync(identity, CancellationToken.None)).Should().BeSameAs(identity);

        accounts.Reload(Set(new AccountsOptions(), "the second password"));

        (await accounts.Renewal.RenewAsync(identity, CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Identities_OfWhatIsMadeWithAPassword_HaveAllThatTheAccountHas()
    {
        await ChangeAsync(static account => account with
        {
            Team = "shop",
            Redirects = ["https://app.example.org/*"],
            Claims = new Dictionary<string, string> { ["employee"] = "1" },
        });

        foreach (var identity in await AllWaysInAsync())
        {
            identity.Team.Should().Be("shop");
            identity.Redirects.Should().NotBeSameAs(RedirectList.Any);
            identity.Claims.Should().Contain("employee", "1");
        }
    }

    private static AccountsOptions Set(AccountsOptions options, string password)
    {
        var account = new Account { Name = "bert", Origin = AccountOrigin.Settings, PasswordDigest = new(password) };
        options.Directory.Accounts = new Dictionary<string, Account> { ["bert"] = account };
        return options;
    }

    // By a password, a key, a one-time password, and tickets of the first two.
    private async Task<Identity[]> AllWaysInAsync()
    {
        var owner = (await _accounts.AskBasicAsync("anna", Password))!;
        var made = (KeyResult.Made)await _accounts.Keys.MakeAsync(owner, new KeyWish("anna", "test", null, null), CancellationToken.None);
        var key = (await _accounts.AskTokenAsync(made.Text))!;
        return
        [
            owner, key,
            (await _accounts.AskBasicAsync("anna", await MakeOneTimePasswordAsync(owner)))!,
            (await _accounts.AskAsync(new Credential.Ticket(await MakeTicketAsync(owner))))!,
            (await _accounts.AskAsync(new Credential.Ticket(await MakeTicketAsync(key))))!,
        ];
    }

    private async Task<string> MakeTicketAsync(Identity by) =>
        ((TicketResult.Made)await _accounts.Tickets.MakeAsync(by, null, CancellationToken.None)).Text;

    private async Task<string> MakeOneTimePasswordAsync(Identity by) =>
        ((OneTimePasswordResult.Made)await _accounts.OneTimePasswords.MakeAsync(by, "anna", CancellationToken.None)).Text;

    private async Task ChangeAsync(Func<Account, Account> change)
    {
        var account = (await _accounts.Service.FindAsync(SecretHouse.Admin, "anna", CancellationToken.None))!;
        (await _accounts.Service.SetAsync(SecretHouse.Admin, change(account), null, CancellationToken.None))
            .Should().BeOfType<AccountResult.Done>();
    }

    private async Task<string> HashAsync() =>
        (await _accounts.Service.FindAsync(SecretHouse.Admin, "anna", CancellationToken.None))!.PasswordHash!;

    private async Task<Identity?> RenewAsync(Identity identity) => await _accounts.Renewal.RenewAsync(identity, CancellationToken.None);
}
