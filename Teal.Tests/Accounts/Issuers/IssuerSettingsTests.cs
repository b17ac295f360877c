using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Teal.Accounts.Issuers;
using Teal.Host.Configuration;

namespace Teal.Tests.Accounts.Issuers;

public sealed class IssuerSettingsTests
{
    private const string Corp = "Authentication:Issuers:corp:", Shop = "Authentication:Issuers:shop:";

    private static readonly (string, string)[] Least = [(Corp + "Issuer", "https://login.example.org"), (Corp + "Audience", "teal")];

    [Test]
    public void Issuers_WithTheLeast_HaveTheirDefaults()
    {
        var corp = Read(Least).Issuers.Should().ContainSingle().Which;

        corp.Should().BeEquivalentTo(new
        {
            Name = "corp",
            Issuer = "https://login.example.org",
            Audience = "teal",
            Algorithms = (string[])["RS256", "PS256", "ES256"],
            Account = "sub",
            Prefix = "",
            Role = "",
            Permissions = default(ClaimPermissions),
            AllowIdTokens = false,
        });
    }

    [Test]
    public void Issuers_WithAllMembers_AreRead()
    {
        var corp = Read([
            .. Least, (Corp + "Algorithms", "ES384, PS512"), (Corp + "Account", "email"), (Corp + "Prefix", "Corp."),
            (Corp + "Role", "role"), (Corp + "AllowIdTokens", "yes")]).Issuers.Single();

        (corp.Account, corp.Prefix, corp.Role, corp.AllowIdTokens).Should().Be(("email", "corp.", "role", true));
        corp.Algorithms.Should().Equal("ES384", "PS512");
    }

    [Test]
    public void Issuers_InAList_AreCalledByTheirNumber() => Read([
        ("Authentication:Issuers:0:Issuer", "http://127.0.0.1:9000"), ("Authentication:Issuers:0:Audience", "teal")])
        .Issuers.Should().ContainSingle().Which.Name.Should().Be("0");

    [TestCase("groups:ops", "admin, reveal", """{"groups":"ops"}""", "admin,reveal")]
    [TestCase("groups:ops:0", "read callback:a,b", """{"groups":"ops"}""", "read callback:a,b")]
    [TestCase("https://example.org/roles:ops", "admin", """{"https://example.org/roles":["ops"]}""", "admin")]
    [TestCase("https://example.org/roles:ops:0", "admin", """{"https://example.org/roles":["ops"]}""", "admin")]
    [TestCase("realm_access.roles:ops", "admin", """{"realm_access":{"roles":["ops"]}}""", "admin")]
    public void Permissions_OfClaims_AreRead(string path, string value, string payload, string permissions)
    {
        var corp = Read([.. Least, (Corp + "Permissions:" + path, value)]).Issuers.Single();

        var found = corp.Permissions!.Of(JsonSerializer.Deserialize<JsonElement>(payload)).Lists.Single();
        string.Join(',', found.Select(static permission => permission.Text)).Should().Be(permissions);
    }

    [Test]
    public void Permissions_OfAuthorizationDetails_CanBeNamed() =>
        Read([.. Least, (Corp + "Permissions", "authorization_details")]).Issuers.Single().Permissions.Should().BeNull();

    [TestCase("Issuer", "", "Issuer", "must be what tokens of the issuer have as iss")]
    [TestCase("Issuer", "login.example.org", "Issuer", "must be what tokens of the issuer have as iss")]
    [TestCase("Issuer", "ftp://login.example.org", "Issuer", "must be what tokens of the issuer have as iss")]
    [TestCase("Issuer", "http://login.example.org", "Issuer", "must be an address with https")]
    [TestCase("Issuer", "https://login.example.org/?tenant=x", "Issuer", "must have no user name, query or fragment")]
    [TestCase("Issuer", "https://user@login.example.org", "Issuer", "must have no user name, query or fragment")]
    [TestCase("Audience", "", "Audience", "must be what tokens for Teal have as their audience")]
    [TestCase("Algorithms", "HS256", "Algorithms", "must be some of RS256")]
    [TestCase("Algorithms", "none", "Algorithms", "must be some of RS256")]
    [TestCase("Algorithms", "RS256, rs256", "Algorithms", "must be some of RS256")]
    [TestCase("Algorithms", "", "Algorithms", "must be some of RS256")]
    [TestCase("Account", "", "Account", "must be the name of a claim")]
    [TestCase("Prefix", ".", "Prefix", "must be the beginning of an account's name")]
    [TestCase("Permissions", "groups", "Permissions", "must be authorization_details, or a map")]
    [TestCase("Permissions:groups", "admin", "Permissions:groups", "must be a claim and a value")]
    [TestCase("Permissions:groups:ops", "read all", "Permissions:groups:ops", "permission 1 ")]
    [TestCase("AllowIdTokens", "perhaps", "AllowIdTokens", "must be true or false")]
    [TestCase("Audiance", "teal", "Audiance", "is not known; there are Issuer, Audience")]
    public void Issuer_ThatIsWrong_IsAFaultOfThatMember(string member, string value, string at, string fault)
    {
        ReadAll([.. Least.Where(setting => setting.Item1 != Corp + member), (Corp + member, value)], out var faults);

        var found = faults.Should().ContainSingle().Which;
        found.Key.Should().Be($"Teal:{Corp}{at}");
        found.Fault.Should().Contain(fault);
    }

    [TestCase("https://login.example.org", "", "", "shop:Issuer")]
    [TestCase("https://shop.example.org", "", "", "shop:Prefix")]
    [TestCase("https://shop.example.org", "", "shop.", "shop:Prefix")]
    [TestCase("https://shop.example.org", "corp.", "corp.x", "shop:Prefix")]
    [TestCase("https://shop.example.org", "corp.", "shop.", null)]
    public void Issuers_ThatCouldNameTheAccountsOfOthers_AreAFault(string issuer, string corpPrefix, string shopPrefix, string? at)
    {
        ReadAll(
            [
                .. Least, (Corp + "Prefix", corpPrefix), (Shop + "Issuer", issuer), (Shop + "Audience", "teal"),
                (Shop + "Prefix", shopPrefix),
            ],
            out var faults);

        faults.Select(static fault => fault.Key).Should().Equal(at is null ? [] : [$"Teal:Authentication:Issuers:{at}"]);
    }

    private static IssuersOptions Read((string, string)[] settings)
    {
        var options = ReadAll(settings, out var faults);
        faults.Should().BeEmpty();
        return options.Accounts.Issuers;
    }

    private static TealOptions ReadAll((string Key, string Value)[] settings, out IReadOnlyList<ConfigurationFault> faults) =>
        ConfigurationReader.Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting =>
                KeyValuePair.Create($"Teal:{setting.Key}", (string?)setting.Value))).Build(),
            out faults);
}
