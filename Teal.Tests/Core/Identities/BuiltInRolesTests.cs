using Teal.Core.Identities;

namespace Teal.Tests.Core.Identities;

public sealed class BuiltInRolesTests
{
    [Test]
    public void Find_Member_MakesAndReadsAndHasTheTeamsMessages() => TextsOf(BuiltInRoles.Member).Should().BeEquivalentTo(
        "create callback:*", "create ciba:*", "create webhook:*", "read callback:*", "read ciba:*", "read webhook:*", "read message:shop.*",
        "publish message:shop.*");

    [Test]
    public void Find_Reader_ReadsWhatMembersDo() => TextsOf(BuiltInRoles.Reader).Should()
        .BeEquivalentTo(TextsOf(BuiltInRoles.Member).Where(static text => text.StartsWith("read ", StringComparison.Ordinal)));

    [Test]
    public void Find_Admin_MayDoEverything() => BuiltInRoles.Find(BuiltInRoles.Admin, "shop").Should().BeSameAs(Permissions.All);

    [TestCase("")]
    [TestCase("Member")]
    [TestCase("owner")]
    public void Find_AnotherRole_IsNone(string role) => BuiltInRoles.Find(role, "shop").Should().BeNull();

    [TestCase("*")]
    [TestCase("Shop")]
    [TestCase("")]
    public void Find_ForATeamThatIsNone_Fails(string team) =>
        FluentActions.Invoking(() => BuiltInRoles.Find(BuiltInRoles.Member, team)).Should().Throw<ArgumentException>();

    // The team «a» has the messages «a.*», and «a.b.c» is among them.
    [TestCase("a.b")]
    [TestCase("anna@example.org")]
    public void Find_ForATeamWithADot_GivesNoMessagesThatAnotherTeamHas(string team)
    {
        TextsOf(BuiltInRoles.Member, team).Should().BeEquivalentTo(
            "create callback:*", "create ciba:*", "create webhook:*", "read callback:*", "read ciba:*", "read webhook:*");
        TextsOf(BuiltInRoles.Reader, team).Should().BeEquivalentTo("read callback:*", "read ciba:*", "read webhook:*");
    }

    [Test]
    public void Names_OfTheRoles_AreThoseThatAreFound() =>
        BuiltInRoles.Names.Should().OnlyContain(name => BuiltInRoles.Find(name, "shop") != null).And.HaveCount(3);

    private static string[] TextsOf(string role, string team = "shop") =>
        [.. BuiltInRoles.Find(role, team)!.Lists.Single().Select(static permission => permission.Text)];
}
