using Microsoft.Extensions.Configuration;
using Teal.Accounts.Directory;
using Teal.Accounts.Hashing;
using Teal.Core.Identities;
using Teal.Host.Configuration;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>Accounts and roles that stand in the settings.</summary>
public sealed class AccountSettingsTests
{
    private const string Hash = "$pbkdf2-sha512$i=1000$AAECAwQFBgcICQoLDA0ODw$tesGdwmZwygAGYLzLiZnuLe7u7U7QwD64kd8Dxsmq1c";

    [Test]
    public void Accounts_WithAllMembers_AreRead()
    {
        var options = Read(
            ("Roles:Baker:Permissions:0", "call fn.*"), ("Roles:Baker:Permissions:1", "read callback:a,b"),
            ("Accounts:Anna:PasswordHash", Hash), ("Accounts:Anna:Team", "Shop"), ("Accounts:anna:Role", "baker"),
            ("Accounts:anna:Permissions", "read callback:*, reveal"), ("Accounts:anna:Redirects:0", "https://app.example.org/*"),
            ("Accounts:anna:Claims:employeeId", "baker=001"), ("Accounts:anna:Enabled", "no"));

        var anna = options.Accounts.Should().ContainSingle().Which.Value;
        (anna.Name, anna.Team, anna.Role, anna.Enabled, anna.Origin, anna.PasswordHash).Should()
            .Be(("anna", "shop", "baker", false, AccountOrigin.Settings, Hash));
        anna.Permissions.Should().Equal("read callback:*", "reveal");
        anna.Redirects.Should().Equal("https://app.example.org/*");
        anna.Claims.Should().ContainSingle().Which.Should().Be(KeyValuePair.Create("employeeId", "baker=001"));
        options.Roles["baker"].Texts.Should().Equal("call fn.*", "read callback:a,b");
    }

    [Test]
    public void Account_WithNothing_IsThereAndMayNothing()
    {
        var anna = Read(("Accounts:anna:Enabled", "true")).Accounts["anna"];

        (anna.Team, anna.Role, anna.HasPassword).Should().Be(("anna", null, false));
        anna.Permissions.Should().BeEmpty();
    }

    [Test]
    public void PasswordFile_OfAnAccount_HasThePasswordInItsFirstLine()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("anna"), "secret\n");

        Read(("Accounts:anna:PasswordFile", folder.Combine("anna"))).Accounts["anna"].PasswordDigest!.IsOf("secret").Should().BeTrue();
    }

    [TestCase("Accounts:an na:Role", "member", "Teal:Accounts:an na", "must be 1 to 64 letters")]
    [TestCase("Accounts:anna:Role", "owner", "Teal:Accounts:anna:Role", "must be member, reader, admin or one of Teal:Roles")]
    [TestCase("Accounts:anna:Team", "a team", "Teal:Accounts:anna:Team", "must be 1 to 64 letters")]
    [TestCase("Accounts:anna:Pasword", "s3cr3t", "Teal:Accounts:anna:Pasword", "is not known; there are Password, PasswordHash")]
    [TestCase("Accounts:anna:Password", "", "Teal:Accounts:anna:Password", "must have 1 to 1024 characters")]
    [TestCase("Accounts:anna:Password", "s3cr3t\n", "Teal:Accounts:anna:Password", "must not end in a line break")]
    [TestCase("Accounts:anna:PasswordHash", "s3cr3t", "Teal:Accounts:anna:PasswordHash", "must be a hash as teal hash prints it")]
    [TestCase("Accounts:anna:PasswordFile", "/nowhere/s3cr3t", "Teal:Accounts:anna:PasswordFile", "must be a file that can be read")]
    [TestCase("Accounts:anna:Permissions:0", "read all", "Teal:Accounts:anna:Permissions", "permission 1 ")]
    [TestCase("Accounts:anna:Redirects", "ftp://x/", "Teal:Accounts:anna:Redirects", "redirect 1 ")]
    [TestCase("Accounts:anna:Claims:a b", "c", "Teal:Accounts:anna:Claims", "must be at most 100 names")]
    [TestCase("Accounts:anna:Enabled", "perhaps", "Teal:Accounts:anna:Enabled", "must be true or false")]
    [TestCase("Accounts:anonymous:Password", "s3cr3t", "Teal:Accounts:anonymous", "can have Enabled and Redirects alone")]
    [TestCase("Accounts:anonymous:Redirects", "*", "Teal:Accounts:anonymous:Redirects", "redirect 1 ")]
    [TestCase("Roles:member:Permissions", "reveal", "Teal:Roles:member:Permissions", "are those of a built-in role")]
    [TestCase("Roles:baker:Redirects", "*", "Teal:Roles:baker:Redirects", "redirect 1 ")]
    [TestCase("Teams:shop:Redirects", "*", "Teal:Teams:shop:Redirects", "redirect 1 ")]
    [TestCase("Teams:a b:Redirects", "https://a.example/*", "Teal:Teams:a b", "must be 1 to 64 letters")]
    [TestCase("Teams:shop:Permissions", "reveal", "Teal:Teams:shop:Permissions", "is not known; there are Redirects")]
    [TestCase("Roles:baker:Permissions", "bake *", "Teal:Roles:baker:Permissions", "permission 1 ")]
    [TestCase("Roles:a b:Permissions", "reveal", "Teal:Roles:a b", "must be 1 to 64 letters")]
    public void Setting_OfAnAccountThatIsWrong_IsNamedWithItsFaultAndAnExample(string key, string value, string where, string fault)
    {
        ReadAll([(key, value)], out var faults);

        var found = faults.Should().ContainSingle().Which;
        (found.Key, found.Value).Should().Be((where, null));
        found.Fault.Should().StartWith(fault).And.NotContain("s3cr3t");
        found.Example.Should().NotBeNullOrEmpty();
    }

    [Test]
    public void Passwords_TwoOfOneAccount_AreAFault()
    {
        ReadAll([("Accounts:anna:Password", "secret"), ("Accounts:anna:PasswordHash", Hash)], out var faults);

        faults.Should().ContainSingle().Which.Fault.Should().Be("must not stand beside Password");
    }

    [Test]
    public void Faults_OfManyAccounts_AreAllFound()
    {
        (string, string)[] settings =
            [("Accounts:anna:Role", "x"), ("Accounts:anna:Team", "?"), ("Accounts:bert:Role", "y"), ("Roles:z:Permissions", "?")];
        ReadAll(settings, out var faults);

        faults.Select(static fault => fault.Key).Should().BeEquivalentTo(
            "Teal:Accounts:anna:Role", "Teal:Accounts:anna:Team", "Teal:Accounts:bert:Role", "Teal:Roles:z:Permissions");
    }

    [TestCase(true, new[] { "Accounts:OfflineGrace", "5 s" })]
    [TestCase(false, new[] { "Accounts:anna:Role", "member" })]
    [TestCase(false, new[] { "Accounts:anonymous:Enabled", "false" })]
    public void Anonymous_WithoutAPassword_GetsOneWhereThereIsNobodyElse(bool isMade, string[] setting)
    {
        var options = Read((setting[0], setting[1]));

        (options.IsPasswordGenerated, options.Find(Identity.AnonymousName) is not null).Should().Be((isMade, isMade));
    }

    [Test]
    public void Anonymous_WithAPasswordBesideAccounts_IsThereUntilItIsDisabled()
    {
        Read(("Accounts:anna:Role", "member"), ("Dispatcher:Password", "a password of length"))
            .Find(Identity.AnonymousName).Should().NotBeNull();
        Read(("Accounts:anonymous:Enabled", "false"), ("Dispatcher:Password", "a password of length"))
            .Find(Identity.AnonymousName).Should().BeNull();
    }

    [TestCase("Accounts:anna:Role", "member", false)]
    [TestCase("Accounts:OfflineGrace", "5 s", true)]
    public void Password_WhereItIsDistributed_IsNeededUnlessThereAreAccounts(string key, string value, bool isNeeded)
    {
        ReadAll([(key, value), ("Deployment", "Distributed")], out var faults);

        faults.Any(static fault => fault.Key == "Teal:Dispatcher:Password").Should().Be(isNeeded);
    }

    [Test]
    public void UnknownKeys_InAccounts_AreThoseThatAreNoAccount()
    {
        var configuration = Configuration(
            [("Accounts:anna:Role", "member"), ("Accounts:OfflineGrase", "5 s"), ("Accounts:OfflineGrace", "5 s")]);

        ConfigurationReader.UnknownKeys(configuration).Should().Equal("Teal:Accounts:OfflineGrase");
    }

    [Test]
    public void MostRounds_OfHashesInTheSettings_AreKnown() => Read(("Accounts:anna:PasswordHash", Hash)).MostRounds.Should().Be(1000);

    [Test]
    public void Keep_OfWhatDidNotChange_KeepsItsObjects()
    {
        (string, string)[] settings =
        [
            ("Roles:baker:Permissions", "reveal"), ("Accounts:anna:Password", "secret"), ("Accounts:anna:Role", "baker"),
            ("Accounts:bert:Role", "baker"),
        ];
        var before = Read(settings);
        var after = Read([.. settings[..^1], ("Accounts:bert:Role", "member")]);

        after.Keep(before);

        after.Accounts["anna"].Should().BeSameAs(before.Accounts["anna"]);
        after.Roles["baker"].Should().BeSameAs(before.Roles["baker"]);
        after.Accounts["bert"].Should().NotBeSameAs(before.Accounts["bert"]);
    }

    private static AccountOptions Read(params (string Key, string Value)[] settings)
    {
        var options = ReadAll(settings, out var faults);
        faults.Should().BeEmpty();
        return options.Accounts.Directory;
    }

    private static TealOptions ReadAll((string Key, string Value)[] settings, out IReadOnlyList<ConfigurationFault> faults) =>
        ConfigurationReader.Read(Configuration(settings), out faults);

    private static IConfigurationRoot Configuration((string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create($"Teal:{setting.Key}", (string?)setting.Value)))
        .Build();
}
