using Microsoft.Extensions.Logging;
using Teal.Accounts.Directory;
using Teal.Accounts.Faults;
using Teal.Accounts.Keys;
using Teal.Accounts.Management;
using Teal.Core.Configuration;
using Teal.Core.Identities;
using Teal.Core.Records;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>Accounts are managed while Teal runs, and all processes see what changed.</summary>
public sealed class AccountServiceTests
{
    private readonly ManualTimeProvider _clock = new();
    private MemoryRecordStore _store = null!;
    private SecretHouse _accounts = null!;

    [SetUp]
    public void Make()
    {
        _store = new MemoryRecordStore(new RecordOptions(), _clock);
        _accounts = new SecretHouse(_store, _clock, static options => options.Directory.Accounts =
            new Dictionary<string, Account> { ["cleo"] = new() { Name = "cleo", Origin = AccountOrigin.Settings } });
    }

    [TearDown]
    public void End() => _accounts.Dispose();

    [Test]
    public async Task Add_AnAccount_KeepsAllOfItAndItsPasswordAsAHashAlone()
    {
        var account = Named("anna") with
        {
            Team = "shop",
            Role = "reader",
            Permissions = ["read callback:*", "call fn.*"],
            Redirects = ["https://app.example.org/*"],
            Claims = new Dictionary<string, string> { ["employeeId"] = "é\"001" },
            Enabled = false,
        };

        var done = (AccountResult.Done)await AddAsync(account, "s3cr3t");

        var found = await FindAsync("anna");
        found.Should().BeEquivalentTo(account, static options => options
            .Excluding(static a => a.PasswordHash).Excluding(static a => a.HasPassword).Excluding(static a => a.PasswordSetAt)
            .Excluding(static a => a.Version));
        (found!.Version, found.PasswordHash, found.PasswordSetAt).Should()
            .Be((done.Account.Version, done.Account.PasswordHash, _clock.GetUtcNow().UtcDateTime));
        var record = await _store.FindAsync("account", "anna", CancellationToken.None);
        System.Text.Encoding.UTF8.GetString(record!.Value.Span).Should().NotContain("s3cr3t");
    }

    [TestCase("anna", AccountFaultCode.Taken)]
    [TestCase("cleo", AccountFaultCode.OfSettings)]
    [TestCase("anonymous", AccountFaultCode.OfSettings)]
    [TestCase("Dora", AccountFaultCode.Invalid)]
    [TestCase("", AccountFaultCode.Invalid)]
    [TestCase("a/b", AccountFaultCode.Invalid)]
    public async Task Add_WithANameThatCannotBe_IsRefused(string name, AccountFaultCode fault)
    {
        await _accounts.AddAsync("anna", "secret");

        Fault(await AddAsync(Named(name), "secret")).Should().Be(fault);
    }

    [Test]
    public async Task Add_WithAMemberThatIsWrong_NamesItAndRepeatsNoSecret()
    {
        (Func<Account, Account> With, string? Password, string Word)[] wrong =
        [
            (static a => a with { Team = "A Team" }, "secret", "Team"),
            (static a => a with { Role = "owner" }, "secret", "Role"),
            (static a => a with { Permissions = ["read all"] }, "secret", "Permissions"),
            (static a => a with { Redirects = ["https://user@example.org/"] }, "secret", "Redirects"),
            (static a => a with { Claims = new Dictionary<string, string> { ["a b"] = "c" } }, "secret", "Claims"),
            (static a => a with { Claims = new Dictionary<string, string> { ["a"] = "c\n" } }, "secret", "Claims"),
            (static a => a, "", "password"),
            (static a => a, "s3cr3t\n", "password"),
            (static a => a, new string('s', 1025), "password"),
        ];
        foreach (var (with, password, word) in wrong)
        {
            var (code, detail) = ((AccountResult.Refused)await AddAsync(with(Named("anna")), password)).Fault;

            code.Should().Be(AccountFaultCode.Invalid);
            detail.Should().Contain(word).And.NotContain("s3cr3t");
        }

        (await FindAsync("anna")).Should().BeNull();
    }

    [Test]
    public async Task Set_OfAnAccount_KeepsItsPasswordAndNeedsTheVersionThatIsThere()
    {
        await _accounts.AddAsync("anna", "secret");
        var before = (await FindAsync("anna"))!;

        var done = (AccountResult.Done)await SetAsync(Named("anna") with { Role = "admin" }, before.Version);

        done.Account.Role.Should().Be("admin");
        done.Account.PasswordHash.Should().Be(before.PasswordHash);
        done.Account.Version.Should().BeGreaterThan(before.Version);
        Fault(await SetAsync(Named("anna"), before.Version)).Should().Be(AccountFaultCode.Conflict);
        (await SetAsync(Named("anna"), null)).Should().BeOfType<AccountResult.Done>();
    }

    [Test]
    public async Task Change_OfManyAtOnce_LosesNone()
    {
        await _accounts.AddAsync("anna", "secret");

        var results = await Task.WhenAll(
            SetAsync(Named("anna") with { Role = "admin" }, null).AsTask(),
            _accounts.Service.SetPasswordAsync(SecretHouse.Admin, "anna", "other", CancellationToken.None).AsTask());

        results.Should().AllBeOfType<AccountResult.Done>();
        (await FindAsync("anna"))!.Role.Should().Be("admin");
        (await _accounts.TryAsync("anna", "other")).Should().BeOfType<AuthenticationResult.Accepted>();
    }

    [TestCase("cleo", AccountFaultCode.OfSettings)]
    [TestCase("nobody", AccountFaultCode.NotFound)]
    public async Task Change_OfWhatIsNotInTheStore_IsRefused(string name, AccountFaultCode fault)
    {
        Fault(await SetAsync(Named(name), null)).Should().Be(fault);
        Fault(await _accounts.Service.SetPasswordAsync(SecretHouse.Admin, name, "secret", CancellationToken.None)).Should().Be(fault);
        Fault(await _accounts.Service.SetPasswordAsync(SecretHouse.Admin, name, null, CancellationToken.None)).Should().Be(fault);
        Fault(await _accounts.Service.RemoveAsync(SecretHouse.Admin, name, CancellationToken.None)).Should().Be(fault);
    }

    [Test]
    public async Task List_OfAll_SaysWhereEachIsKept()
    {
        await _accounts.AddAsync("anna", "secret");

        var accounts = await _accounts.Service.ListAsync(SecretHouse.Admin, CancellationToken.None).ToArrayAsync();

        accounts.Select(static account => (account.Name, account.Origin))
            .Should().Equal(
                ("anonymous", AccountOrigin.Settings), ("cleo", AccountOrigin.Settings), ("anna", AccountOrigin.Store));
    }

    [Test]
    public async Task Account_OfTheSettingsAndOfTheStore_IsThatOfTheSettingsAndIsTold()
    {
        using (var before = new SecretHouse(_store, _clock)) await before.AddAsync("cleo", "secret");

        (await _accounts.TryAsync("cleo", "secret")).Should().Be(AuthenticationResult.NotProven, "in the settings it has no password");
        (await _accounts.Directory.FindAsync("cleo", CancellationToken.None))!.Origin.Should().Be(AccountOrigin.Settings);
        using var watch = new TwiceNamedAccounts(
            _store, _accounts.Get<Live<AccountOptions>>(), _clock, _accounts.Get<ILogger<TwiceNamedAccounts>>());
        await watch.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(
            () => _accounts.Log.Lines.Any(static line => line.Id == 9003 && line.Text.Contains("cleo")), "a warning");
        (await _accounts.Service.RemoveAsync(SecretHouse.Admin, "cleo", CancellationToken.None)).Should().BeOfType<AccountResult.Done>();
    }

    [Test]
    public async Task Change_InOneProcess_IsSeenInAnotherAfterASecond()
    {
        using var other = new SecretHouse(_store, _clock);
        await _accounts.AddAsync("anna", "secret");
        (await other.TryAsync("anna", "secret")).Should().BeOfType<AuthenticationResult.Accepted>();

        await _accounts.Service.SetAsync(SecretHouse.Admin, Named("anna") with { Enabled = false }, null, CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await other.TryAsync("anna", "secret")).Should().Be(AuthenticationResult.NotProven);
        await _accounts.Service.SetAsync(SecretHouse.Admin, Named("anna"), null, CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await other.TryAsync("anna", "secret")).Should().BeOfType<AuthenticationResult.Accepted>();
    }

    [Test]
    public async Task Find_ByAThousandAtOnce_ReadsTheStoreOnce()
    {
        await _accounts.AddAsync("anna", "secret");
        var reads = _accounts.Store.Asked;

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(
            _ => Task.Run(async () => await _accounts.Directory.FindAsync("anna", CancellationToken.None))));

        (_accounts.Store.Asked - reads).Should().Be(1);
    }

    [Test]
    public async Task Remove_OfAnAccount_RemovesItsKeys()
    {
        await _accounts.AddAsync("anna", "secret");
        var anna = ((AuthenticationResult.Accepted)await _accounts.TryAsync("anna", "secret")).Identity;
        var key = (KeyResult.Made)await _accounts.Keys.MakeAsync(anna, new KeyWish("anna", "test", null, null), CancellationToken.None);
        (await _accounts.AskTokenAsync(key.Text)).Should().NotBeNull();

        await _accounts.Service.RemoveAsync(SecretHouse.Admin, "anna", CancellationToken.None);
        await _accounts.AddAsync("anna", "secret");

        (await _accounts.AskTokenAsync(key.Text)).Should().BeNull("it was another account of that name");
    }

    [Test]
    public async Task Anything_ByWhoIsNoAdministrator_IsRefused()
    {
        await _accounts.AddAsync("anna", "secret");
        var (by, service) = (Identity.Anonymous, _accounts.Service);

        Fault(await service.AddAsync(by, Named("bert"), null, CancellationToken.None)).Should().Be(AccountFaultCode.NotAllowed);
        Fault(await service.SetAsync(by, Named("anna"), null, CancellationToken.None)).Should().Be(AccountFaultCode.NotAllowed);
        Fault(await service.SetPasswordAsync(by, "anna", "x", CancellationToken.None)).Should().Be(AccountFaultCode.NotAllowed);
        Fault(await service.RemoveAsync(by, "anna", CancellationToken.None)).Should().Be(AccountFaultCode.NotAllowed);
        (await service.FindAsync(by, "anna", CancellationToken.None)).Should().BeNull();
        (await service.ListAsync(by, CancellationToken.None).ToArrayAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task Anonymous_WithAPasswordThatWasMade_IsOverWithTheFirstAccount()
    {
        _accounts.Options.Directory.Password = "made";
        _accounts.Options.Directory.IsPasswordGenerated = true;
        (await _accounts.TryAsync("anonymous", "made")).Should().BeOfType<AuthenticationResult.Accepted>();

        await _accounts.AddAsync("anna", "secret");

        (await _accounts.TryAsync("anonymous", "made")).Should().Be(AuthenticationResult.NotProven);
        (await _accounts.TryAsync("anonymous", "made")).Should().Be(AuthenticationResult.NotProven);
        _accounts.Log.Lines.Should().ContainSingle(static line => line.Id == 9005);
    }

    private static Account Named(string name) => new() { Name = name, Origin = AccountOrigin.Store, Role = "member" };

    private static AccountFaultCode Fault(AccountResult result) => ((AccountResult.Refused)result).Fault.Code;

    private ValueTask<AccountResult> AddAsync(Account account, string? password) =>
        _accounts.Service.AddAsync(SecretHouse.Admin, account, password, CancellationToken.None);

    private ValueTask<AccountResult> SetAsync(Account account, long? version) =>
        _accounts.Service.SetAsync(SecretHouse.Admin, account, version, CancellationToken.None);

    private ValueTask<Account?> FindAsync(string name) => _accounts.Service.FindAsync(SecretHouse.Admin, name, CancellationToken.None);
}
