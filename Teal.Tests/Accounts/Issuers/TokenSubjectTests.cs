using System.Text.Json.Nodes;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts.Issuers;

/// <summary>Who somebody is whom a good token names, and what he may do.</summary>
public sealed class TokenSubjectTests
{
    private IssuerHarness _harness = null!;

    private TokenIssuer Issuer => _harness.Issuer;

    [SetUp]
    public async Task StartAsync() => _harness = await IssuerHarness.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _harness.DisposeAsync();

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("anonymous")]
    [TestCase("Anonymous")]
    [TestCase("auth0|123")]
    [TestCase("*")]
    public async Task Check_ASubjectThatIsNoAccountOfTheIssuers_IsRefused(string subject) =>
        await _harness.RefuseAsync(Issuer.Draft(subject).Sign(), "WrongAccount");

    [Test]
    public async Task Check_OtherClaims_NameAccountAndRole()
    {
        await using var harness = await IssuerHarness.StartAsync(static corp =>
            (corp.Account, corp.Prefix, corp.Role) = ("email", "corp.", "realm.role"));

        var realm = new JsonObject { ["role"] = new JsonArray("reader") };
        var identity = await harness.AcceptAsync(harness.Issuer.Draft("1").With("email", "Anna@example.org").With("realm", realm));

        identity.Account.Should().Be("corp.anna@example.org");
        identity.Role.Should().Be("reader");
        await harness.RefuseAsync(harness.Issuer.Draft("anna").Sign(), "WrongAccount");
    }

    [TestCase("[\"member\",\"admin\"]")]
    [TestCase("[]")]
    [TestCase("1")]
    [TestCase("null")]
    public async Task Check_ARoleThatIsNotOne_IsRefused(string role) =>
        await _harness.RefuseAsync(Issuer.Draft("anna").With("role", JsonNode.Parse(role)).Sign(), "WrongRole");

    [TestCase("owner")]
    [TestCase("Sales Manager")]
    [TestCase("")]
    public async Task Check_ARoleThatIsNotKnown_PermitsNothing(string role) =>
        (await _harness.AcceptAsync(Issuer.Draft("anna").With("role", role))).Permissions.Lists.Single().Should().BeEmpty();

    [Test]
    public async Task Check_AuthorizationDetails_PermitWhatTheySay()
    {
        var details = JsonNode.Parse("""[{"type":"teal","actions":["read"],"datatypes":["callback"],"identifier":"a*"}]""");

        var identity = await _harness.AcceptAsync(Issuer.Draft("anna").With("authorization_details", details));

        identity.May(Act.Read, new Topic(EventKinds.Callback, "abc")).Should().BeTrue();
        identity.May(Act.Read, new Topic(EventKinds.Callback, "b")).Should().BeFalse();
        await _harness.RefuseAsync(Issuer.Draft("anna").With("authorization_details", "teal").Sign(), "WrongPermissions");
    }
}
