using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;
using Teal.Tests.Support;

namespace Teal.Tests.Core.Identities;

public sealed class SightTests
{
    private static readonly Topic State = new(EventKinds.Callback, "s");

    [TestCase(null, true)]
    [TestCase("acme", true)]
    [TestCase("beta", false)]
    [TestCase("anonymous", false)]
    [TestCase("Acme", false)]
    public void Sees_WhereOnesOwnMayBeRead_IsTheTeamsAndNobodys(string? owner, bool isSeen)
    {
        var sight = Sight.Of(TestAccounts.Account("alice", "acme", "read callback:*"), State)!;

        sight.IsLimited.Should().BeTrue();
        sight.Sees(owner).Should().Be(isSeen);
    }

    [TestCase("read-any callback:s")]
    [TestCase("read callback:*", "read-any callback:*")]
    public void Of_WhoeverMayReadAny_IsWithoutLimit(params string[] permissions)
    {
        var sight = Sight.Of(TestAccounts.Account("alice", "acme", permissions), State);

        sight.Should().BeSameAs(Sight.Unlimited);
        sight!.Sees("beta").Should().BeTrue();
    }

    [TestCase("read callback:t")]
    [TestCase("read ciba:*")]
    [TestCase("create callback:*")]
    [TestCase("admin")]
    public void Of_WhoeverMayNotRead_IsNone(string permission) =>
        Sight.Of(TestAccounts.Account("alice", "acme", permission), State).Should().BeNull();

    [Test]
    public void Of_AnIdentity_IsOneObjectForAllItsRegistrations()
    {
        var identity = TestAccounts.Account("alice", "acme", "read callback:*");

        Sight.Of(identity, State).Should().BeSameAs(Sight.Of(identity, State with { Key = "t" }));
        Sight.Of(Identity.Anonymous, State).Should().BeSameAs(Sight.Unlimited);
    }

    [TestCase("anonymous", null, "anonymous")]
    [TestCase("acme", "acme", "acme")]
    [TestCase(null, "-", null)]
    public void EventOwner_OfACallback_IsWrittenWhereItIsNotAnonymous(string? owner, string? text, string? read)
    {
        EventOwner.ToText(new CallbackEvent(DateTime.UnixEpoch, "u", "s") { Owner = owner }).Should().Be(text);
        EventOwner.FromText(EventKinds.Callback, text).Should().Be(read);
    }

    [TestCase("anonymous", "anonymous")]
    [TestCase("acme", "acme")]
    [TestCase(null, null)]
    public void EventOwner_OfANotification_IsWrittenWhereThereIsOne(string? owner, string? text)
    {
        EventOwner.ToText(new OpenIdCibaEvent(DateTime.UnixEpoch, "r", "t", null, null) { Owner = owner }).Should().Be(text);
        EventOwner.FromText(EventKinds.OpenIdCibaCallback, text).Should().Be(owner);
    }
}
