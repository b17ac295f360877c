using System.Text.Json;
using Teal.Accounts.Issuers;

namespace Teal.Tests.Accounts.Issuers;

public sealed class AuthorizationDetailsTests
{
    [TestCase("""[{"type":"teal","actions":["read"],"datatypes":["callback"],"identifier":"a*"}]""", "read callback:a*")]
    [TestCase("""[{"type":"teal","actions":["create","read"],"datatypes":["callback","ciba"]}]""",
        "create callback:*,create ciba:*,read callback:*,read ciba:*")]
    [TestCase("""[{"type":"teal","actions":["admin"]},{"type":"teal","actions":["call"],"identifier":"fn.*"}]""", "admin,call fn.*")]
    [TestCase("""[{"type":"teal","actions":["read callback:x"]}]""", "read callback:x")]
    [TestCase("""[{"type":"payment","actions":["pay"],"amount":1},{"type":"Teal","actions":["admin"]}]""", "")]
    [TestCase("[]", "")]
    public void TryRead_DetailsOfTeal_ArePermissions(string details, string permissions)
    {
        AuthorizationDetails.TryRead(Payload(details), out var read).Should().BeTrue();

        string.Join(',', read!.Lists.Single().Select(static permission => permission.Text)).Should().Be(permissions);
    }

    [Test]
    public void TryRead_WithoutDetails_PermitsNothing()
    {
        AuthorizationDetails.TryRead(JsonSerializer.Deserialize<JsonElement>("{}"), out var read).Should().BeTrue();
        read!.Lists.Single().Should().BeEmpty();
    }

    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("\"teal\"")]
    [TestCase("[1]")]
    [TestCase("[{}]")]
    [TestCase("""[{"type":1}]""")]
    [TestCase("""[{"type":"teal"}]""")]
    [TestCase("""[{"type":"teal","actions":[]}]""")]
    [TestCase("""[{"type":"teal","actions":"admin"}]""")]
    [TestCase("""[{"type":"teal","actions":["admin",1]}]""")]
    [TestCase("""[{"type":"teal","actions":["become"]}]""")]
    [TestCase("""[{"type":"teal","actions":["read"]}]""")]
    [TestCase("""[{"type":"teal","actions":["read"],"datatypes":[]}]""")]
    [TestCase("""[{"type":"teal","actions":["read"],"datatypes":["secrets"]}]""")]
    [TestCase("""[{"type":"teal","actions":["read"],"datatypes":["callback"],"identifier":""}]""")]
    [TestCase("""[{"type":"teal","actions":["read"],"datatypes":["callback"],"identifier":null}]""")]
    [TestCase("""[{"type":"teal","actions":["admin"],"locations":["https://other.example.org"]}]""",
        Description = "what is not understood may be there to narrow")]
    [TestCase("""[{"type":"teal","actions":["admin"]},{"type":"teal","actions":["become"]}]""")]
    public void TryRead_DetailsThatAreNotUnderstood_AreAFault(string details) =>
        AuthorizationDetails.TryRead(Payload(details), out _).Should().BeFalse();

    [Test]
    public void TryRead_TooMany_AreAFault()
    {
        var items = string.Join(',', Enumerable.Repeat("\"read\"", 33));

        var details = $$"""[{"type":"teal","actions":[{{items}}],"datatypes":["callback"]}]""";
        AuthorizationDetails.TryRead(Payload(details), out _).Should().BeFalse();
    }

    private static JsonElement Payload(string details) =>
        JsonSerializer.Deserialize<JsonElement>($$"""{"authorization_details":{{details}}}""");
}
