using Teal.Accounts.Keys;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>Who comes in with a key (specification 8.3).</summary>
public sealed class KeyCheckTests
{
    private const string Me = Identity.AnonymousName;

    private SecretHouse _accounts = null!;

    [SetUp]
    public void Start() => _accounts = new SecretHouse();

    [TearDown]
    public void Stop() => _accounts.Dispose();

    [Test]
    public async Task Key_AsATokenOrAsTheAccountsPassword_IsTheSameIdentity()
    {
        var key = (await _accounts.MakeKeyAsync()).Text;

        var identity = await _accounts.AskTokenAsync(key);

        identity.Should().NotBeNull();
        identity!.MayMakeCredentials.Should().BeFalse();
        (await _accounts.AskTokenAsync(key)).Should().BeSameAs(identity);
        (await _accounts.AskBasicAsync(Me, key)).Should().BeSameAs(identity);
        (await _accounts.AskBasicAsync(Me.ToUpperInvariant(), key)).Should().BeSameAs(identity);
    }

    [TestCase("bert")]
    [TestCase("")]
    [TestCase("anonymous ")]
    [TestCase("Ａnonymous")]
    public async Task Key_AsThePasswordOfAnother_IsRefused(string user)
    {
        var key = (await _accounts.MakeKeyAsync()).Text;

        (await _accounts.AskBasicAsync(user, key)).Should().BeNull();
    }

    [Test]
    public async Task Key_InUpperCase_IsRefused()
    {
        var key = (await _accounts.MakeKeyAsync()).Text;

        (await _accounts.AskTokenAsync(key.ToUpperInvariant())).Should().BeNull();
        (await _accounts.AskBasicAsync(Me, key.ToUpperInvariant())).Should().BeNull();
        (await _accounts.AskTokenAsync("TEAL" + key[4..])).Should().BeNull();
    }

    [Test]
    public async Task Key_ThatIsMistyped_IsRefusedWithoutAskingAnybody()
    {
        var key = (await _accounts.MakeKeyAsync()).Text;
        var asked = _accounts.Store.Asked;

        foreach (var mistyped in (string[])[key[..^1], key + "0", key[..^1] + (key[^1] == '0' ? '1' : '0'), key.Replace('_', '-')])
        {
            (await _accounts.AskTokenAsync(mistyped)).Should().BeNull();
            (await _accounts.AskBasicAsync(Me, mistyped)).Should().BeNull();
        }

        _accounts.Store.Asked.Should().Be(asked);
    }

    // Whoever computes the check can have the store asked, once, and nothing written.
    [Test]
    public async Task Key_ThatNobodyMade_CostsOneQuestion()
    {
        var asked = _accounts.Store.Asked;

        for (var i = 0; i < 100; i++) (await _accounts.AskTokenAsync(KeyText.Make().Text)).Should().BeNull();

        _accounts.Store.Asked.Should().Be(asked + 100);
        _accounts.Store.Written.Should().Be(0);
    }

    [Test]
    public async Task Key_WithTheIdOfAnother_IsRefused()
    {
        var (key, other) = (await _accounts.MakeKeyAsync(), await _accounts.MakeKeyAsync());
        await _accounts.Keys.RevokeAsync(Identity.Anonymous, key.Key.Id, CancellationToken.None);
        var record = await _accounts.Store.FindAsync("key", other.Key.Id, CancellationToken.None);
        await _accounts.Store.PutAsync("key", key.Key.Id, record!.Value, null, null, CancellationToken.None);

        (await _accounts.AskTokenAsync(key.Text)).Should().BeNull();
    }

    // A browser keeps what stands in an address, and so do logs on the way.
    [Test]
    public async Task Key_InTheQuery_IsRefused()
    {
        var key = (await _accounts.MakeKeyAsync()).Text;

        (await _accounts.AskAsync(new Credential.Password(Me, key) { IsNoKey = true })).Should().BeNull();
        (await _accounts.AskAsync(new Credential.Ticket(key))).Should().BeNull();
    }

    [Test]
    public async Task Key_AtItsEnd_IsRefused()
    {
        var made = await _accounts.MakeKeyAsync(expiresAt: _accounts.Clock.GetUtcNow().AddHours(1));
        _accounts.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        var identity = await _accounts.AskTokenAsync(made.Text);
        identity!.ExpiresAt.Should().Be(made.Key.ExpiresAt);
        (await _accounts.Renewal.RenewAsync(identity, CancellationToken.None)).Should().BeSameAs(identity);

        _accounts.Clock.Advance(TimeSpan.FromMilliseconds(1));

        (await _accounts.AskTokenAsync(made.Text)).Should().BeNull();
        (await _accounts.Renewal.RenewAsync(identity, CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Identity_OfAKeyThatIsRevoked_IsOver()
    {
        var made = await _accounts.MakeKeyAsync();
        var identity = (await _accounts.AskTokenAsync(made.Text))!;
        (await _accounts.Renewal.RenewAsync(identity, CancellationToken.None)).Should().BeSameAs(identity);

        await _accounts.Keys.RevokeAsync(Identity.Anonymous, made.Key.Id, CancellationToken.None);

        (await _accounts.Renewal.RenewAsync(identity, CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Use_OfAKey_IsWrittenOnceAMinuteWithTheAddress()
    {
        var made = await _accounts.MakeKeyAsync();
        await _accounts.AskAsync(new Credential.Token(made.Text), "192.0.2.7");
        await Eventually.HoldsAsync(async () => (await FindAsync(made.Key.Id)).UsedFrom is "192.0.2.7", "a use");
        var (used, written) = (_accounts.Now, _accounts.Store.Written);

        _accounts.Clock.Advance(TimeSpan.FromSeconds(59));
        for (var i = 0; i < 10; i++) await _accounts.AskAsync(new Credential.Token(made.Text), "192.0.2.8");
        (await FindAsync(made.Key.Id)).UsedAt.Should().Be(used);
        _accounts.Store.Written.Should().Be(written);

        _accounts.Clock.Advance(TimeSpan.FromSeconds(1));
        await _accounts.AskAsync(new Credential.Token(made.Text), "2001:db8::1");
        await Eventually.HoldsAsync(async () => (await FindAsync(made.Key.Id)).UsedFrom is "2001:db8::/64", "another use");
        (await _accounts.AskTokenAsync(made.Text)).Should().NotBeNull();
    }

    [Test]
    public async Task Key_WhereTheStoreIsAway_IsNeitherRightNorWrong()
    {
        var made = await _accounts.MakeKeyAsync();
        _accounts.Store.IsAway = true;

        await IsUnavailableAsync(made.Text);
    }

    [Test]
    public async Task Key_WhileTheStoreIsAway_IsGoodForTheGraceAndThenNeitherRightNorWrong()
    {
        var (known, other) = (await _accounts.MakeKeyAsync(), await _accounts.MakeKeyAsync());
        var identity = await _accounts.AskTokenAsync(known.Text);
        var wrong = known.Text[..14] + KeyText.Make().Text[14..];
        _accounts.Store.IsAway = true;

        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromSeconds(60); waited += TimeSpan.FromSeconds(10))
        {
            _accounts.Clock.Advance(TimeSpan.FromSeconds(10));
            (await _accounts.AskTokenAsync(known.Text)).Should().BeSameAs(identity);
            (await _accounts.Renewal.RenewAsync(identity!, CancellationToken.None)).Should().BeSameAs(identity);
            (await _accounts.AskTokenAsync(wrong)).Should().BeNull();
            await IsUnavailableAsync(other.Text);
        }

        _accounts.Clock.Advance(TimeSpan.FromSeconds(2));
        await IsUnavailableAsync(known.Text);
        _accounts.Log.Lines.Count(static line => line.Id == 9042).Should().Be(1);
        _accounts.Store.IsAway = false;
        (await _accounts.AskTokenAsync(known.Text)).Should().BeSameAs(identity);
    }

    [Test]
    public async Task Key_ThatEndsWhileTheStoreIsAway_IsRefused()
    {
        var made = await _accounts.MakeKeyAsync(expiresAt: _accounts.Clock.GetUtcNow().AddSeconds(30));
        await _accounts.AskTokenAsync(made.Text);
        _accounts.Store.IsAway = true;

        _accounts.Clock.Advance(TimeSpan.FromSeconds(30));

        (await _accounts.AskTokenAsync(made.Text)).Should().BeNull();
    }

    // A flood with keys that nobody made takes nobody's room.
    [Test]
    public async Task Key_AmongManyThatNobodyMade_StaysKnown()
    {
        _accounts.Options.Directory.MaximumCached = 2;
        var made = await _accounts.MakeKeyAsync();
        await _accounts.AskTokenAsync(made.Text);
        for (var i = 0; i < 10; i++) await _accounts.AskTokenAsync(KeyText.Make().Text);
        _accounts.Store.IsAway = true;

        (await _accounts.AskTokenAsync(made.Text)).Should().NotBeNull();
    }

    [Test]
    public async Task Key_ThatComesAThousandTimesInASecond_IsReadOnce()
    {
        var made = await _accounts.MakeKeyAsync();
        await _accounts.AskTokenAsync(made.Text);
        await Eventually.HoldsAsync(async () => (await FindAsync(made.Key.Id)).UsedAt is not null, "a use");
        await _accounts.AskTokenAsync(made.Text);
        var asked = _accounts.Store.Asked;

        for (var i = 0; i < 1000; i++) (await _accounts.AskTokenAsync(made.Text)).Should().NotBeNull();

        _accounts.Store.Asked.Should().Be(asked);
    }

    [Test]
    public async Task Log_OfAllThatHappensToAKey_HoldsNothingOfIt()
    {
        var made = await _accounts.MakeKeyAsync();
        await _accounts.AskTokenAsync(made.Text);
        await _accounts.AskTokenAsync(made.Text + "0");
        _accounts.Store.IsAway = true;
        _accounts.Clock.Advance(TimeSpan.FromMinutes(2));
        await IsUnavailableAsync(made.Text);

        var secret = made.Text[14..57];
        _accounts.Log.Lines.Should().NotBeEmpty().And.NotContain(line => line.Text.Contains(secret, StringComparison.Ordinal));
    }

    private async Task IsUnavailableAsync(string key) => await FluentActions.Awaiting(() => _accounts.AskTokenAsync(key))
        .Should().ThrowAsync<AssertionException>().WithMessage("*Unavailable*");

    private async Task<ApiKey> FindAsync(string id) =>
        (await _accounts.Keys.FindAsync(Identity.Anonymous, id, CancellationToken.None))!;
}
