using Teal.Accounts.Directory;
using Teal.Accounts.Hashing;
using Teal.Accounts.Passwords;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>Who has a right password is let in, at the cost of one hash.</summary>
public sealed class PasswordCheckTests
{
    private readonly ManualTimeProvider _clock = new();
    private SecretHouse _accounts = null!;

    [SetUp]
    public void Make() =>
        _accounts = new SecretHouse(clock: _clock, configure: static options => options.Directory.Password = "a password");

    [TearDown]
    public void End() => _accounts.Dispose();

    [TestCase("anna", "secret", true)]
    [TestCase("Anna", "secret", true)]
    [TestCase("anna", "Secret", false)]
    [TestCase("anna", "", false)]
    [TestCase("bert", "secret", false)]
    [TestCase("", "secret", false)]
    [TestCase("anna ", "secret", false)]
    [TestCase("anonymous", "a password", true)]
    [TestCase("Anonymous", "a password", false)]
    [TestCase("anonymous", "secret", false)]
    public async Task Check_OfAUserAndAPassword_LetsInWhomItProves(string user, string password, bool isAccepted)
    {
        await _accounts.AddAsync("anna", "secret");

        (await _accounts.TryAsync(user, password) is AuthenticationResult.Accepted).Should().Be(isAccepted);
    }

    [Test]
    public async Task Check_OfARightOne_SaysWhoItIsWithTheSameObjectEachTime()
    {
        await _accounts.AddAsync("anna", "secret", static account => account with
        {
            Team = "shop",
            Permissions = ["reveal"],
            Claims = new Dictionary<string, string> { ["employeeId"] = "baker-001" },
        });

        var identity = await IdentityAsync("anna", "secret");

        (identity.Account, identity.Team, identity.Role).Should().Be(("anna", "shop", "member"));
        identity.Claims.Should().Contain("employeeId", "baker-001");
        identity.Permissions.Lists.Single().Select(static permission => permission.Text)
            .Should().Contain("create callback:*").And.Contain("read message:shop.*").And.Contain("reveal");
        (await IdentityAsync("anna", "secret")).Should().BeSameAs(identity);
        _clock.Advance(TimeSpan.FromMinutes(5));
        (await IdentityAsync("anna", "secret")).Should().BeSameAs(identity);
    }

    [Test]
    public async Task Check_OfARightOneAgain_CostsNoHashForAMinute()
    {
        await _accounts.AddAsync("anna", "secret");
        await _accounts.TryAsync("anna", "secret");
        var remembered = _accounts.Get<RememberedPasswords>();
        remembered.Count.Should().Be(1);
        _accounts.Get<HashThreads>().Dispose();

        (await _accounts.TryAsync("anna", "secret")).Should().BeOfType<AuthenticationResult.Accepted>("no thread is needed");
        (await _accounts.TryAsync("anna", "wrong")).Should().BeOfType<AuthenticationResult.Unavailable>("one would be");

        _clock.Advance(_accounts.Options.Hashing.RememberedFor);
        (await _accounts.TryAsync("anna", "secret")).Should().BeOfType<AuthenticationResult.Unavailable>();
    }

    [Test]
    public async Task Check_OfAThousandAtOnceWithTheSame_ComputesOnce()
    {
        _accounts.Options.Hashing.Rounds = 50_000;
        await _accounts.AddAsync("anna", "secret");
        var results = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => _accounts.TryAsync("anna", "secret"))));

        results.Should().AllBeOfType<AuthenticationResult.Accepted>("none of them is over a limit, as they wait for the same one");
        _accounts.Get<HashThreads>().Done.Should().Be(2, "one for the account, one for all of them");
    }

    [Test]
    public async Task Check_AfterAnotherPassword_TakesThatAloneAtOnce()
    {
        await _accounts.AddAsync("anna", "secret");
        await _accounts.TryAsync("anna", "secret");

        await _accounts.Service.SetPasswordAsync(SecretHouse.Admin, "anna", "other", CancellationToken.None);

        (await _accounts.TryAsync("anna", "secret")).Should().Be(AuthenticationResult.NotProven);
        (await _accounts.TryAsync("anna", "other")).Should().BeOfType<AuthenticationResult.Accepted>();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Check_OfAnAccountThatIsDisabledOrRemoved_IsRefusedAtOnce(bool isRemoved)
    {
        await _accounts.AddAsync("anna", "secret");
        await _accounts.TryAsync("anna", "secret");
        var account = (await _accounts.Service.FindAsync(SecretHouse.Admin, "anna", CancellationToken.None))!;

        if (isRemoved) await _accounts.Service.RemoveAsync(SecretHouse.Admin, "anna", CancellationToken.None);
        else await _accounts.Service.SetAsync(SecretHouse.Admin, account with { Enabled = false }, null, CancellationToken.None);

        (await _accounts.TryAsync("anna", "secret")).Should().Be(AuthenticationResult.NotProven);
    }

    [Test]
    public async Task Check_OfAnAccountWithoutAPassword_IsRefusedWhateverIsGiven()
    {
        await _accounts.AddAsync("anna", null);

        (await _accounts.TryAsync("anna", "")).Should().Be(AuthenticationResult.NotProven);
        (await _accounts.TryAsync("anna", "secret")).Should().Be(AuthenticationResult.NotProven);
    }

    [Test]
    public async Task Check_WhenTheRoundsRise_MakesTheHashAnewAndChangesNothingElse()
    {
        await _accounts.AddAsync("anna", "secret");
        var before = (await _accounts.Service.FindAsync(SecretHouse.Admin, "anna", CancellationToken.None))!;
        var identity = await IdentityAsync("anna", "secret");
        _accounts.Options.Hashing.Rounds = 2000;
        _clock.Advance(TimeSpan.FromMinutes(2));

        await _accounts.TryAsync("anna", "secret");

        var after = before;
        await Eventually.HoldsAsync(async () =>
        {
            after = (await _accounts.Service.FindAsync(SecretHouse.Admin, "anna", CancellationToken.None))!;
            return after.PasswordHash != before.PasswordHash;
        }, "another hash");
        after.PasswordHash.Should().StartWith("$pbkdf2-sha512$i=2000$");
        after.PasswordSetAt.Should().Be(before.PasswordSetAt);
        (await IdentityAsync("anna", "secret")).Should().BeSameAs(identity);
    }

    [Test]
    public async Task Check_OfElevenWrongOnes_Is429FromThenOnForThatAccountThereAlone()
    {
        await _accounts.AddAsync("anna", "secret");
        for (var i = 0; i < 10; i++) (await _accounts.TryAsync("anna", $"wrong{i}")).Should().Be(AuthenticationResult.NotProven);
        var hashes = _accounts.Get<HashThreads>().Done;

        (await _accounts.TryAsync("anna", "wrong")).Should().BeOfType<AuthenticationResult.TooMany>()
            .Which.RetryAfter.Should().BeGreaterThan(TimeSpan.FromMinutes(10));
        (await _accounts.TryAsync("anna", "secret")).Should().BeOfType<AuthenticationResult.TooMany>();
        _accounts.Get<HashThreads>().Done.Should().Be(hashes, "nothing is computed for them");
        (await _accounts.TryAsync("anonymous", "a password")).Should().BeOfType<AuthenticationResult.Accepted>();
        (await _accounts.TryAsync("anna", "secret", "192.0.2.2")).Should().BeOfType<AuthenticationResult.Accepted>();
    }

    // A guess must not be free because its answer nobody waits for, or because many come at once.
    [TestCase("anna")]
    [TestCase("anonymous")]
    [TestCase("nobody")]
    public async Task Check_OfManyWrongOnesAtOnce_LooksAtTen(string user)
    {
        await _accounts.AddAsync("anna", "secret");

        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => _accounts.TryAsync(user, $"wrong{i}"))));

        results.Count(static result => result is AuthenticationResult.Refused).Should().BeInRange(1, 10);
        results.Should().OnlyContain(result => result is AuthenticationResult.Refused || result is AuthenticationResult.TooMany);
    }

    [Test]
    public async Task Check_OfTheSameWrongOneAtOnce_CountsEach()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => _accounts.TryAsync("anna", "wrong"))));

        results.Count(static result => result is AuthenticationResult.Refused).Should().BeLessThanOrEqualTo(10);
        (await _accounts.TryAsync("anna", "wrong")).Should().BeOfType<AuthenticationResult.TooMany>();
    }

    [Test]
    public async Task Check_WhereManyClientsAre_LetsInRightOnesWhoeverGuessesThere()
    {
        await _accounts.AddAsync("anna", "secret");
        for (var i = 0; i < 40; i++) await _accounts.TryAsync("anna", $"wrong{i}", standsForMany: true);

        (await _accounts.TryAsync("anna", "wrong", standsForMany: true)).Should().BeOfType<AuthenticationResult.TooMany>();
        (await _accounts.TryAsync("anna", "secret", standsForMany: true)).Should().BeOfType<AuthenticationResult.Accepted>();
        (await _accounts.TryAsync("anonymous", "a password", standsForMany: true)).Should().BeOfType<AuthenticationResult.Accepted>();
    }

    [Test]
    public async Task Check_WhileTheStoreIsAway_TakesWhomItKnowsForTheGraceAndThenNobody()
    {
        await _accounts.AddAsync("anna", "secret");
        await _accounts.TryAsync("anna", "secret");
        _clock.Advance(TimeSpan.FromSeconds(2));
        _accounts.Store.IsAway = true;

        (await _accounts.TryAsync("anna", "secret")).Should().BeOfType<AuthenticationResult.Accepted>();
        (await _accounts.TryAsync("anna", "wrong")).Should().Be(AuthenticationResult.NotProven);
        (await _accounts.TryAsync("bert", "secret")).Should().BeOfType<AuthenticationResult.Unavailable>("nobody can be asked who that is");
        (await _accounts.TryAsync("anonymous", "a password")).Should().BeOfType<AuthenticationResult.Accepted>("the settings are there");

        _clock.Advance(_accounts.Options.Directory.OfflineGrace);
        (await _accounts.TryAsync("anna", "secret")).Should().BeOfType<AuthenticationResult.Unavailable>();
        _accounts.Store.IsAway = false;
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await _accounts.TryAsync("anna", "secret")).Should().BeOfType<AuthenticationResult.Accepted>();
        _accounts.Log.Lines.Where(static line => line.Id == 9002).Should().ContainSingle();
    }

    [Test]
    public async Task Check_OfAnyOutcome_WritesNoPasswordToTheLog()
    {
        await _accounts.AddAsync("anna", "s3cr3t");
        await _accounts.TryAsync("anna", "s3cr3t");
        await _accounts.TryAsync("anna", "s3cr3t-wrong");
        _clock.Advance(TimeSpan.FromMinutes(2));
        _accounts.Store.IsAway = true;
        await _accounts.TryAsync("anna", "s3cr3t");

        _accounts.Log.Lines.Should().NotBeEmpty().And.NotContain(static line => line.Text.Contains("s3cr3t"));
    }

    private async Task<Identity> IdentityAsync(string user, string password) =>
        (await _accounts.TryAsync(user, password)).Should().BeOfType<AuthenticationResult.Accepted>().Which.Identity;
}
