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
    public void ToString_OfAnIdentity_IsItsAccountAlone()
    {
        var claims = new Dictionary<string, string> { ["employeeId"] = "s3cr3t" };

        new Identity { Account = "anna", Permissions = Permissions.Of(["read callback:s3cr3t"]), Claims = claims }.ToString()
            .Should().Be("anna");
    }
}
