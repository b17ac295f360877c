using Microsoft.Extensions.Configuration;
using Teal.Accounts;
using Teal.Accounts.Directory;
using Teal.Core.Identities;
using Teal.Core.States;
using Teal.Host.Configuration;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>Where states may lead by the lists of accounts, teams and roles, when they are made and later (specification 8.6).</summary>
public sealed class RedirectRulesTests
{
    private const string App = "https://app.example.org/cb", Local = "http://localhost:8080/", Shop = "https://shop.example.org/";

    [TestCase("", true, true, true)]
    [TestCase("Accounts:anna:Redirects=https://app.example.org/*", true, false, false)]
    [TestCase("Roles:member:Redirects=http://localhost:*/*", false, true, false)]
    [TestCase("Teams:shop:Redirects=https://shop.example.org/*", false, false, true)]
    [TestCase("Teams:other:Redirects=https://shop.example.org/*;Roles:reader:Redirects=http://localhost:*/*", true, true, true)]
    [TestCase("Accounts:anna:Redirects=https://app.example.org/*;Teams:shop:Redirects=https://shop.example.org/*", true, false, true)]
    [TestCase(
        "Accounts:anna:Redirects=https://app.example.org/*;Roles:member:Redirects=http://localhost:*/*;Teams:shop:Redirects=https://x/y",
        true, true, false)]
    public async Task Lists_OfAccountTeamAndRole_AllowTogetherWhatOneOfThemDoes(string settings, bool app, bool local, bool shop)
    {
        using var house = new SecretHouse(configure: options => Set(options, settings));
        var anna = house.Directory.IdentityOf((await house.Directory.FindAsync("anna", CancellationToken.None))!);

        anna.Redirects.Allows(App).Should().Be(app);
        anna.Redirects.Allows(Local).Should().Be(local);
        anna.Redirects.Allows(Shop).Should().Be(shop);
        (await MayAsync(house, App)).Should().Be(app);
        (await MayAsync(house, Local)).Should().Be(local);
        (await MayAsync(house, Shop)).Should().Be(shop);
    }

    [Test]
    public async Task Lists_ThatAReloadChanges_HoldForStatesThatAreThere()
    {
        using var house = new SecretHouse(configure: static options => Set(options, "Accounts:anna:Redirects=https://app.example.org/*"));
        var before = await IdentityAsync(house, "anna");
        (await MayAsync(house, App)).Should().BeTrue();

        Reload(house, "Accounts:anna:Redirects=https://shop.example.org/*");

        (await MayAsync(house, App)).Should().BeFalse();
        (await MayAsync(house, Shop)).Should().BeTrue();
        var after = await house.Renewal.RenewAsync(before, CancellationToken.None);
        after.Should().NotBeSameAs(before, "connections that stand make states by the new list");
        after!.Redirects.Allows(App).Should().BeFalse();
    }

    [Test]
    public async Task Lists_OfAnAccountInTheStore_AreSeenByAnotherProcessWithinASecond()
    {
        using var house = new SecretHouse();
        using var listener = new SecretHouse(house.Store, house.Clock);
        await house.AddAsync("anna", null, static anna => anna with { Team = "shop", Redirects = ["https://app.example.org/*"] });
        (await MayAsync(listener, App)).Should().BeTrue();

        var anna = (await house.Service.FindAsync(SecretHouse.Admin, "anna", CancellationToken.None))!;
        await house.Service.SetAsync(
            SecretHouse.Admin, anna with { Redirects = ["https://shop.example.org/*"] }, null, CancellationToken.None);
        house.Clock.Advance(TimeSpan.FromSeconds(1));

        (await MayAsync(listener, App)).Should().BeFalse();
    }

    [TestCase("Accounts:anonymous:Redirects=https://app.example.org/*", true, false)]
    [TestCase("Teams:anonymous:Redirects=https://app.example.org/*", true, false)]
    [TestCase("", true, true)]
    public async Task Lists_OfAnonymous_HoldForItsStatesAndThoseOfTheOriginal(string settings, bool app, bool shop)
    {
        using var house = new SecretHouse(configure: options => Set(options, settings));
        var anonymous = await IdentityAsync(house, "anonymous");

        anonymous.Redirects.Allows(App).Should().Be(app);
        anonymous.Redirects.Allows(Shop).Should().Be(shop);
        anonymous.Permissions.Should().BeSameAs(Identity.Anonymous.Permissions);
        (await MayAsync(house, App, owner: "anonymous", maker: null)).Should().Be(app);
        (await MayAsync(house, Shop, owner: "anonymous", maker: null)).Should().Be(shop);
        house.Store.Asked.Should().Be(0, "nobody is asked for that");
    }

    [Test]
    public async Task Lists_OfAnAccountThatIsGone_AreThoseOfItsTeamAndOfTheRoleThatAnIssuerGaveIt()
    {
        using var house = new SecretHouse(configure: static options => Set(
            options, "Teams:shop:Redirects=https://shop.example.org/*;Roles:member:Redirects=http://localhost:*/*"));

        (await MayAsync(house, Shop, maker: "gone")).Should().BeTrue();
        (await MayAsync(house, Local, maker: "gone")).Should().BeFalse();
        (await MayAsync(house, Local, maker: "gone/member")).Should().BeTrue();
        (await MayAsync(house, App, maker: "gone/member")).Should().BeFalse();
        (await MayAsync(house, App, owner: "gone", maker: "gone/owner")).Should().BeTrue("there is no list");
    }

    [Test]
    public async Task Narrow_AnIdentityWithAList_KeepsIt()
    {
        using var house = new SecretHouse(configure: static options => Set(options, "Accounts:anna:Redirects=https://app.example.org/*"));

        (await IdentityAsync(house, "anna")).Narrow("id", null, null).Redirects.Allows(Shop).Should().BeFalse();
    }

    private static Task<bool> MayAsync(SecretHouse house, string url, string owner = "shop", string? maker = "anna") =>
        house.Redirects.AllowAsync(new CallbackState("s", url, false, null, owner) { MadeBy = maker }, CancellationToken.None)
            .AsTask().WithinLimit();

    private static async Task<Identity> IdentityAsync(SecretHouse house, string name) =>
        house.Directory.IdentityOf((await house.Directory.FindAsync(name, CancellationToken.None))!);

    private static void Reload(SecretHouse house, string settings)
    {
        var options = new AccountsOptions();
        Set(options, settings);
        house.Reload(options);
    }

    private static void Set(AccountsOptions options, string settings)
    {
        string[] all =
        [
            "Dispatcher:Password=abc", "Accounts:anna:Team=shop", "Accounts:anna:Role=member",
            .. settings.Split(';', StringSplitOptions.RemoveEmptyEntries),
        ];
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all.Select(static setting =>
            KeyValuePair.Create($"Teal:{setting.Split('=', 2)[0]}", (string?)setting.Split('=', 2)[1]))).Build();
        var read = ConfigurationReader.Read(configuration, out var faults).Accounts.Directory;
        faults.Should().BeEmpty();
        (options.Directory.Password, options.Directory.AnonymousRedirects) = (read.Password, read.AnonymousRedirects);
        (options.Directory.Accounts, options.Directory.Roles, options.Directory.Teams) = (read.Accounts, read.Roles, read.Teams);
    }
}
