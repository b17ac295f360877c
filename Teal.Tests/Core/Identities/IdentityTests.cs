using Teal.Core.Addresses;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;

namespace Teal.Tests.Core.Identities;

public sealed class IdentityTests
{
    [Test]
    public void Anonymous_MayDoWhatItEverDidAndAdministersNothing()
    {
        var anonymous = Identity.Anonymous;

        anonymous.Account.Should().Be("anonymous");
        anonymous.Team.Should().Be("anonymous");
        anonymous.May(Act.Create, new Topic(EventKinds.Callback, "a")).Should().BeTrue();
        EventKinds.All.Should().OnlyContain(kind => anonymous.May(Act.ReadAny, new Topic(kind, "a")));
        anonymous.Permissions.May(Act.Admin).Should().BeFalse();
    }

    [Test]
    public void Team_OfAnAccount_IsItselfUntilAnotherIsSet()
    {
        new Identity { Account = "anna", Permissions = Permissions.None }.Team.Should().Be("anna");
        new Identity { Account = "anna", Team = "shop", Permissions = Permissions.None }.Team.Should().Be("shop");
    }

    [Test]
    public void Narrow_ToWhatAKeyMay_StaysWhoItIsAndWhereItMayLead()
    {
        RedirectList.TryParse(["https://app.example.org/*"], out var redirects, out _).Should().BeTrue();
        var anna = new Identity
        {
            Account = "anna",
            Team = "shop",
            Role = "member",
            Permissions = Permissions.Of(["read callback:*"]),
            Redirects = redirects!,
            Claims = new Dictionary<string, string> { ["employeeId"] = "1" },
            MayMakeCredentials = true,
        };

        var narrow = anna.Narrow("k", Permissions.None, null);

        narrow.Should().BeEquivalentTo(new { anna.Account, anna.Team, anna.Role, anna.Redirects, anna.Claims, KeyId = "k" });
        narrow.Redirects.Should().BeSameAs(anna.Redirects);
        narrow.MayMakeCredentials.Should().BeFalse();
        narrow.May(Act.Read, new Topic(EventKinds.Callback, "a")).Should().BeFalse();
    }

    [Test]
    public void ToString_OfAnIdentity_IsItsAccountAlone()
    {
        var claims = new Dictionary<string, string> { ["employeeId"] = "s3cr3t" };

        new Identity { Account = "anna", Permissions = Permissions.Of(["read callback:s3cr3t"]), Claims = claims }.ToString()
            .Should().Be("anna");
    }
}
