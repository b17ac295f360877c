using Teal.Accounts.Faults;
using Teal.Accounts.OneTimePasswords;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>A one-time password is the same as the account's password, once (specification 8.3).</summary>
public sealed class OneTimePasswordTests
{
    private const string Me = Identity.AnonymousName;

    private SecretHouse _accounts = null!;

    [SetUp]
    public void Start() => _accounts = new SecretHouse();

    [TearDown]
    public void Stop() => _accounts.Dispose();

    [Test]
    public async Task Password_OfAnAccount_LetsInOnce()
    {
        var made = await MakeAsync();
        made.Text.Should().MatchRegex("^tealotp_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$");

        var identity = await _accounts.AskBasicAsync(Me, made.Text);

        identity!.Account.Should().Be(Me);
        identity.MayMakeCredentials.Should().BeFalse();
        (await _accounts.Renewal.RenewAsync(identity, CancellationToken.None)).Should().BeSameAs(identity);
        (await _accounts.AskBasicAsync(Me, made.Text)).Should().BeNull();
        (await _accounts.AskBasicAsync(Me, (await MakeAsync()).Text)).Should().BeSameAs(identity);
    }

    [Test]
    public async Task Password_ThatManyBringAtOnce_LetsOneIn()
    {
        var made = await MakeAsync();

        var identities = await Task.WhenAll(
            Enumerable.Range(0, 1000).Select(_ => Task.Run(() => _accounts.AskBasicAsync(Me, made.Text))));

        identities.OfType<Identity>().Should().ContainSingle();
    }

    [Test]
    public async Task Password_AfterTenMinutes_IsRefused()
    {
        var (first, second) = (await MakeAsync(), await MakeAsync());
        first.ExpiresAt.Should().Be(_accounts.Now.AddMinutes(10));
        _accounts.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        (await _accounts.AskBasicAsync(Me, first.Text)).Should().NotBeNull();

        _accounts.Clock.Advance(TimeSpan.FromMilliseconds(1));

        (await _accounts.AskBasicAsync(Me, second.Text)).Should().BeNull();
    }

    [Test]
    public async Task Password_BroughtForAnotherAccountOrInAnotherWay_IsRefusedAndNotUsedUp()
    {
        var made = await MakeAsync();

        (await _accounts.AskBasicAsync("bert", made.Text)).Should().BeNull();
        (await _accounts.AskTokenAsync(made.Text)).Should().BeNull();
        (await _accounts.AskAsync(new Credential.Ticket(made.Text))).Should().BeNull();
        (await _accounts.AskAsync(new Credential.Password(Me, made.Text) { IsNoKey = true })).Should().BeNull();

        (await _accounts.AskBasicAsync(Me, made.Text)).Should().NotBeNull();
    }

    [Test]
    public async Task Password_ThatIsMistyped_CostsTheStoreNoWrite()
    {
        var made = await MakeAsync();
        var written = _accounts.Store.Written;

        (await _accounts.AskBasicAsync(Me, made.Text[..^1])).Should().BeNull();
        (await _accounts.AskBasicAsync(Me, made.Text.ToUpperInvariant())).Should().BeNull();

        _accounts.Store.Written.Should().Be(written);
    }

    [Test]
    public async Task Make_OneOfAnother_NeedsAnAdministrator()
    {
        var other = new Identity { Account = "bert", Permissions = Permissions.AllButAdmin, MayMakeCredentials = true };

        (await RefuseAsync(other, Me)).Should().Be(AccountFaultCode.NotAllowed);
        (await _accounts.OneTimePasswords.MakeAsync(SecretHouse.Admin, Me, CancellationToken.None))
            .Should().BeOfType<OneTimePasswordResult.Made>();
        (await RefuseAsync(SecretHouse.Admin, "nobody")).Should().Be(AccountFaultCode.NotFound);
    }

    [Test]
    public async Task Make_WithAKeyOrAOneTimePassword_IsNotAllowed()
    {
        var key = (await _accounts.AskTokenAsync((await _accounts.MakeKeyAsync()).Text))!;
        var once = (await _accounts.AskBasicAsync(Me, (await MakeAsync()).Text))!;

        (await RefuseAsync(key, Me)).Should().Be(AccountFaultCode.NotAllowed);
        (await RefuseAsync(once, Me)).Should().Be(AccountFaultCode.NotAllowed);
    }

    [Test]
    public async Task Make_MoreThanThereMayBe_IsRefusedUntilOneIsUsed()
    {
        _accounts.Options.OneTimePasswords.MaximumPerAccount = 2;
        var first = await MakeAsync();
        await MakeAsync();

        (await RefuseAsync(Identity.Anonymous, Me)).Should().Be(AccountFaultCode.TooMany);
        await _accounts.AskBasicAsync(Me, first.Text);
        await MakeAsync();
        _accounts.Options.OneTimePasswords.Maximum = 1;
        (await RefuseAsync(Identity.Anonymous, Me)).Should().Be(AccountFaultCode.TooMany);
    }

    [Test]
    public async Task ForgetAll_OfAnAccount_LeavesNone()
    {
        var made = await MakeAsync();

        await _accounts.OneTimePasswords.ForgetAllAsync(Me, CancellationToken.None);

        (await _accounts.AskBasicAsync(Me, made.Text)).Should().BeNull();
    }

    private async Task<OneTimePasswordResult.Made> MakeAsync() =>
        (await _accounts.OneTimePasswords.MakeAsync(Identity.Anonymous, Me, CancellationToken.None))
        .Should().BeOfType<OneTimePasswordResult.Made>().Which;

    private async Task<AccountFaultCode> RefuseAsync(Identity by, string account) =>
        (await _accounts.OneTimePasswords.MakeAsync(by, account, CancellationToken.None))
        .Should().BeOfType<OneTimePasswordResult.Refused>().Which.Fault.Code;
}
