using System.Text.Json;
using Teal.Accounts.Issuers;

namespace Teal.Tests.Accounts.Issuers;

public sealed class ClaimPermissionsTests
{
    private static readonly ClaimPermissions Map = new(new Dictionary<(string Claim, string Value), IReadOnlyList<string>>
    {
        [("groups", "ops")] = ["admin"],
        [("groups", "shop")] = ["read callback:*", "create callback:*"],
        [("realm_access.roles", "shop")] = ["read ciba:*"],
        [("scope", "teal.read")] = ["read webhook:*"],
        [("https://example.org/roles", "x")] = ["reveal"],
    });

    [TestCase("""{"groups":["ops"]}""", "admin")]
    [TestCase("""{"groups":"ops"}""", "admin")]
    [TestCase("""{"groups":["shop","ops","shop"]}""", "read callback:*,create callback:*,admin")]
    [TestCase("""{"realm_access":{"roles":["shop"]}}""", "read ciba:*")]
    [TestCase("""{"realm_access.roles":["shop"]}""", "read ciba:*")]
    [TestCase("""{"scope":"openid teal.read x"}""", "read webhook:*")]
    [TestCase("""{"https://example.org/roles":["x"]}""", "reveal")]
    [TestCase("""{"groups":["Ops"," ops","ops "]}""", "")]
    [TestCase("""{"groups":"shop ops"}""", "", Description = "one group, whose name has a blank")]
    [TestCase("""{"groups":[["ops"],{"ops":true},null,1]}""", "")]
    [TestCase("""{"groups":{"ops":true}}""", "")]
    [TestCase("""{"roles":["ops"],"realm_access":["roles"]}""", "")]
    [TestCase("{}", "")]
    public void Of_AToken_IsWhatItsClaimsPermit(string payload, string permissions) =>
        string.Join(',', Map.Of(JsonSerializer.Deserialize<JsonElement>(payload)).Lists.Single().Select(static one => one.Text))
            .Should().Be(permissions);
}
