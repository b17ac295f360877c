using Teal.Accounts.Faults;
using Teal.Accounts.Keys;
using Teal.Accounts.OneTimePasswords;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>Who makes, sees and revokes keys, and how many there may be (specification 8.3).</summary>
public sealed class KeyServiceTests
{
    private SecretHouse _accounts = null!;

    [SetUp]
    public void Start() => _accounts = new SecretHouse();

    [TearDown]
    public void Stop() => _accounts.Dispose();

    [Test]
    public async Task Make_AKey_TellsItOnce()
    {
        var end = _accounts.Clock.GetUtcNow().AddDays(1);
        var made = await _accounts.MakeKeyAsync(["read callback:*"], end);

        KeyText.TryParse(made.Text, out var text).Should().BeTrue();
        text!.Id.Should().Be(made.Key.Id);
        made.Key.Should().BeEquivalentTo(new ApiKey
        {
            Id = made.Key.Id,
            Account = Identity.AnonymousName,
            Label = "test",
            Permissions = ["read callback:*"],
            ExpiresAt = end.UtcDateTime,
            CreatedAt = _accounts.Now,
        });
        (await FindAsync(made.Key.Id)).Should().BeEquivalentTo(made.Key);
        $"{made} {made.Key}".Should().NotContain(made.Text);
    }

    [Test]
    public async Task List_ManyKeys_IsThatOfTheAccountInTheOrderOfTheirMaking()
    {
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await _accounts.MakeKeyAsync()).Key.Id);
            _accounts.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await ListAsync(Identity.Anonymous)).Should().Equal(made);
        (await ListAsync(SecretHouse.Admin)).Should().Equal(made);
        (await ListAsync(Other)).Should().BeNull();
    }

    [Test]
    public async Task Make_ForAnother_NeedsAnAdministrator()
    {
        (await RefuseAsync(Other, Wish())).Should().Be(AccountFaultCode.NotAllowed);
        (await _accounts.Keys.MakeAsync(SecretHouse.Admin, Wish(), CancellationToken.None)).Should().BeOfType<KeyResult.Made>();
        (await RefuseAsync(SecretHouse.Admin, Wish() with { Account = "nobody" })).Should().Be(AccountFaultCode.NotFound);
    }

    // Else whoever finds a key has as many as he likes, and revoking it helps nobody.
    [Test]
    public async Task Make_WithAKey_IsNotAllowedWhateverTheKeyMay()
    {
        var admin = new Identity { Account = Identity.AnonymousName, Permissions = Permissions.All, KeyId = "0" };
        var key = (await _accounts.AskTokenAsync((await _accounts.MakeKeyAsync()).Text))!;

        (await RefuseAsync(admin, Wish())).Should().Be(AccountFaultCode.NotAllowed);
        (await RefuseAsync(key, Wish())).Should().Be(AccountFaultCode.NotAllowed);
    }

    [TestCase("", null)]
    [TestCase("line\nbreak", null)]
    [TestCase("null", "nonsense")]
    [TestCase("null", "read callback:")]
    public async Task Make_WhatIsWrong_SaysWhy(string label, string? permission) => (await RefuseAsync(
        Identity.Anonymous, Wish() with { Label = label, Permissions = permission is null ? null : [permission] }))
        .Should().Be(AccountFaultCode.Invalid);

    [Test]
    public async Task Make_WithALongLabelOrAnEndThatIsOver_SaysWhy()
    {
        (await RefuseAsync(Identity.Anonymous, Wish() with { Label = new string('x', 101) })).Should().Be(AccountFaultCode.Invalid);
        var now = _accounts.Clock.GetUtcNow();
        (await RefuseAsync(Identity.Anonymous, Wish() with { ExpiresAt = now })).Should().Be(AccountFaultCode.Invalid);
    }

    [Test]
    public async Task Make_MoreThanAnAccountMayHave_IsRefusedUntilOneIsRevoked()
    {
        _accounts.Options.Keys.MaximumPerAccount = 2;
        var first = await _accounts.MakeKeyAsync();
        await _accounts.MakeKeyAsync();

        (await RefuseAsync(Identity.Anonymous, Wish())).Should().Be(AccountFaultCode.TooMany);
        (await ListAsync(Identity.Anonymous)).Should().HaveCount(2);
        await RevokeAsync(Identity.Anonymous, first.Key.Id);
        await _accounts.MakeKeyAsync();
    }

    [Test]
    public async Task Make_MoreThanThereMayBe_IsRefused()
    {
        _accounts.Options.Keys.Maximum = 1;
        await _accounts.MakeKeyAsync();

        (await RefuseAsync(Identity.Anonymous, Wish())).Should().Be(AccountFaultCode.TooMany);
    }

    [Test]
    public async Task Make_ManyAtOnce_NeverGetsOverTheBound()
    {
        _accounts.Options.Keys.MaximumPerAccount = 5;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => Task.Run(() => _accounts.Keys.MakeAsync(Identity.Anonymous, Wish(), CancellationToken.None).AsTask())));

        (await ListAsync(Identity.Anonymous))!.Count.Should().BeLessThanOrEqualTo(5);
    }

    [Test]
    public async Task Revoke_AKey_ForgetsItAndItsName()
    {
        var made = await _accounts.MakeKeyAsync();

        (await RevokeAsync(Identity.Anonymous, made.Key.Id)).Should().BeTrue();

        (await RevokeAsync(Identity.Anonymous, made.Key.Id)).Should().BeFalse();
        (await FindAsync(made.Key.Id)).Should().BeNull();
        (await ListAsync(Identity.Anonymous)).Should().BeEmpty();
        (await _accounts.AskTokenAsync(made.Text)).Should().BeNull();
    }

    [Test]
    public async Task Key_OfAnother_CanBeNeitherSeenNorRevoked()
    {
        var made = await _accounts.MakeKeyAsync();

        (await _accounts.Keys.FindAsync(Other, made.Key.Id, CancellationToken.None)).Should().BeNull();
        (await RevokeAsync(Other, made.Key.Id)).Should().BeFalse();
        (await _accounts.AskTokenAsync(made.Text)).Should().NotBeNull();
    }

    // One that was found in a log can be made worthless with nothing but itself.
    [Test]
    public async Task Key_ThatItsOwnerFinds_SeesAndRevokesItselfAlone()
    {
        var (lost, other) = (await _accounts.MakeKeyAsync(), await _accounts.MakeKeyAsync());
        var finder = (await _accounts.AskTokenAsync(lost.Text))!;

        (await ListAsync(finder)).Should().Equal(lost.Key.Id);
        (await RevokeAsync(finder, other.Key.Id)).Should().BeFalse();
        (await RevokeAsync(finder, lost.Key.Id)).Should().BeTrue();
    }

    [Test]
    public async Task RevokeAll_OfAnAccount_LeavesNone()
    {
        for (var i = 0; i < 3; i++) await _accounts.MakeKeyAsync();

        await _accounts.Keys.RevokeAllAsync(Identity.AnonymousName, CancellationToken.None);

        (await ListAsync(Identity.Anonymous)).Should().BeEmpty();
    }

    // The order of the two writes: what is left by a process that ends in between means nothing.
    [Test]
    public async Task Name_WithoutAKey_MeansNothing()
    {
        await _accounts.Store.PutAsync("account-key", $"{Identity.AnonymousName}/12345678", default, null, null, CancellationToken.None);

        (await ListAsync(Identity.Anonymous)).Should().BeEmpty();
    }

    [Test]
    public async Task Identity_OfAKey_MayWhatBothMay()
    {
        var made = await _accounts.MakeKeyAsync(["read callback:orders-*"]);

        var identity = (await _accounts.AskTokenAsync(made.Text))!;

        identity.KeyId.Should().Be(made.Key.Id);
        identity.May(Act.Read, new Topic(EventKinds.Callback, "orders-1")).Should().BeTrue();
        identity.May(Act.Read, new Topic(EventKinds.Callback, "others")).Should().BeFalse();
        identity.May(Act.Create, new Topic(EventKinds.Callback, "orders-1")).Should().BeFalse();
        identity.Permissions.May(Act.Admin).Should().BeFalse();
    }

    // As where another process removes it: here it is known for a second.
    [Test]
    public async Task Make_ForAnAccountThatIsGone_LeavesNoKey()
    {
        await _accounts.AddAsync("anna", "a long password");
        var anna = _accounts.Directory.IdentityOf((await _accounts.Directory.FindAsync("anna", CancellationToken.None))!);
        await _accounts.Store.DeleteAsync("account", "anna", CancellationToken.None);

        (await RefuseAsync(anna, Wish() with { Account = "anna" })).Should().Be(AccountFaultCode.NotFound);
        (await _accounts.OneTimePasswords.MakeAsync(anna, "anna", CancellationToken.None))
            .Should().BeOfType<OneTimePasswordResult.Refused>().Which.Fault.Code.Should().Be(AccountFaultCode.NotFound);

        (await _accounts.Store.CountAsync("key", "", CancellationToken.None)).Should().Be(0);
        (await _accounts.Store.CountAsync("account-key", "", CancellationToken.None)).Should().Be(0);
        (await _accounts.Store.CountAsync("one-time-password", "", CancellationToken.None)).Should().Be(0);
    }

    // It would sleep until the account gets it.
    [Test]
    public async Task Make_WithAdminForAnAccountWithoutIt_IsRefused()
    {
        var wish = Wish() with { Permissions = ["read callback:*", "admin"] };

        (await RefuseAsync(Identity.Anonymous, wish)).Should().Be(AccountFaultCode.Invalid);
        (await RefuseAsync(SecretHouse.Admin, wish)).Should().Be(AccountFaultCode.Invalid);
    }

    private static readonly Identity Other = new() { Account = "bert", Permissions = Permissions.AllButAdmin, MayMakeCredentials = true };

    private static KeyWish Wish() => new(Identity.AnonymousName, "test", null, null);

    private async Task<AccountFaultCode> RefuseAsync(Identity by, KeyWish wish)
    {
        var refused = (await _accounts.Keys.MakeAsync(by, wish, CancellationToken.None)).Should().BeOfType<KeyResult.Refused>().Which;
        refused.Fault.Detail.Should().EndWith(".");
        return refused.Fault.Code;
    }

    private async Task<IReadOnlyList<string>?> ListAsync(Identity by) =>
        (await _accounts.Keys.ListAsync(by, Identity.AnonymousName, CancellationToken.None))?.Select(static key => key.Id).ToArray();

    private async Task<ApiKey?> FindAsync(string id) => await _accounts.Keys.FindAsync(Identity.Anonymous, id, CancellationToken.None);

    private async Task<bool> RevokeAsync(Identity by, string id) => await _accounts.Keys.RevokeAsync(by, id, CancellationToken.None);
}
