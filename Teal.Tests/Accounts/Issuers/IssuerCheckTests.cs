using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts.Issuers;

/// <summary>Whom tokens let in, and the attacks on those who take them (RFC 8725, RFC 9700, RFC 9068 section 5).</summary>
public sealed class IssuerCheckTests
{
    private IssuerHarness _harness = null!;

    private TokenIssuer Issuer => _harness.Issuer;

    [SetUp]
    public async Task StartAsync() => _harness = await IssuerHarness.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _harness.DisposeAsync();

    [Test]
    public async Task Check_AnAccessToken_LetsInWhomItNamesUntilItEnds()
    {
        var identity = await _harness.AcceptAsync(Issuer.Draft("Anna").With("role", "member"));

        identity.Account.Should().Be("anna");
        identity.Team.Should().Be("anna");
        identity.Role.Should().Be("member");
        identity.KeyId.Should().BeNull();
        identity.Permissions.May(Act.Publish, "anna.x").Should().BeFalse();
        identity.ExpiresAt.Should().Be(_harness.Clock.GetUtcNow().UtcDateTime.AddMinutes(5).AddSeconds(30));
    }

    [Test]
    public async Task Check_ATokenThatComesAgain_GivesTheSameIdentityWithoutAnotherLook()
    {
        var token = Issuer.Draft("anna").Sign();
        var first = await _harness.CheckAsync(token);

        Issuer.Fail();

        ((AuthenticationResult.Accepted)await _harness.CheckAsync(token)).Identity
            .Should().BeSameAs(((AuthenticationResult.Accepted)first).Identity);
    }

    [Test]
    public async Task Check_ARememberedTokenThatEnded_IsRefused()
    {
        var token = Issuer.Draft("anna").Sign();
        await _harness.CheckAsync(token);

        _harness.Clock.Advance(TimeSpan.FromSeconds(330));

        await _harness.RefuseAsync(token, "WrongTime");
    }

    [TestCase("at+jwt")]
    [TestCase("AT+JWT")]
    [TestCase("application/at+jwt")]
    public async Task Check_AnAccessTokensType_InAnyForm(string type) =>
        await _harness.AcceptAsync(Issuer.Draft("anna").WithHeader("typ", type));

    [Test]
    public async Task Check_AnAudienceThatIsAListOfOurs_IsTaken() =>
        await _harness.AcceptAsync(Issuer.Draft("anna").With("aud", new JsonArray("teal")));

    [Test]
    public async Task Check_AlgorithmNone_IsRefused()
    {
        var draft = Issuer.Draft("anna");
        await _harness.RefuseAsync(draft.WithHeader("alg", "none").Sign(), "WrongAlgorithm");
        await _harness.RefuseAsync(draft.WithHeader("alg", "None").Sign(), "WrongAlgorithm");
        await _harness.RefuseAsync(draft.WithHeader("alg", "none").Sign(static _ => []), "Malformed");
        await _harness.RefuseAsync(draft.WithHeader("alg", "").Sign(), "WrongAlgorithm");
        await _harness.RefuseAsync(draft.WithHeader("alg", null).Sign(), "Malformed");
    }

    [Test]
    public async Task Check_HS256WithAPublicKey_IsRefused()
    {
        var key = SigningKey.MakeRsa("first");
        Issuer.Keys = [key];
        var publicKey = ((RSA)key.Key).ExportSubjectPublicKeyInfoPem();

        var forged = Issuer.Draft("anna").WithHeader("alg", "HS256");

        await _harness.RefuseAsync(
            forged.Sign(text => HMACSHA256.HashData(Encoding.ASCII.GetBytes(publicKey), text)), "WrongAlgorithm");
    }

    [TestCase("jku")]
    [TestCase("x5u")]
    public async Task Check_AKeyUrlInTheHeader_IsRefusedAndNotFetched(string name)
    {
        await using var attacker = await TokenIssuer.StartAsync(_harness.Clock);
        attacker.Keys = [SigningKey.MakeElliptic("first")];

        var forged = attacker.Draft("anna").With("iss", Issuer.Name).WithHeader(name, attacker.Name + TokenIssuer.KeysPath).Sign();

        await _harness.RefuseAsync(forged, "Malformed");
        attacker.Requests.Should().BeEmpty();
    }

    [Test]
    public async Task Check_AKeyInTheHeader_IsRefused()
    {
        var own = SigningKey.MakeElliptic("own");
        Issuer.Keys = [own, .. Issuer.Keys];
        var forger = SigningKey.MakeElliptic("first");

        await _harness.RefuseAsync(Issuer.Draft("anna").WithHeader("jwk", forger.ToJson()).Sign(forger.Sign), "Malformed");
        await _harness.RefuseAsync(Issuer.Draft("anna").WithHeader("x5c", new JsonArray("MIIB")).Sign(forger.Sign), "Malformed");
    }

    [Test]
    public async Task Check_AHeaderThatMustBeUnderstood_IsRefused() => await _harness.RefuseAsync(
        Issuer.Draft("anna").WithHeader("crit", new JsonArray("exp")).WithHeader("exp", 0).Sign(), "Malformed");

    [TestCase("other")]
    [TestCase("TEAL")]
    [TestCase("teal ")]
    [TestCase("")]
    public async Task Check_AForeignAudience_IsRefused(string audience) =>
        await _harness.RefuseAsync(Issuer.Draft("anna").With("aud", audience).Sign(), "WrongAudience");

    [TestCase("[\"teal\",\"other\"]")]
    [TestCase("[\"other\",\"teal\"]")]
    [TestCase("[\"teal\",\"teal\"]")]
    [TestCase("[[\"teal\"]]")]
    [TestCase("[]")]
    [TestCase("{\"teal\":true}")]
    [TestCase("null")]
    public async Task Check_AnAudienceArrayOfOthersToo_IsRefused(string audience) =>
        await _harness.RefuseAsync(Issuer.Draft("anna").With("aud", JsonNode.Parse(audience)).Sign(), "WrongAudience");

    [TestCase(-31)]
    [TestCase(-86400)]
    public async Task Check_AnExpOfBefore_IsRefused(int seconds) =>
        await _harness.RefuseAsync(Issuer.Draft("anna").With("exp", Now + seconds).Sign(), "WrongTime");

    [TestCase("\"9999999999\"")]
    [TestCase("1e300")]
    [TestCase("-1")]
    [TestCase("null")]
    public async Task Check_AnExpThatIsNoInstant_IsRefused(string exp) =>
        await _harness.RefuseAsync(Issuer.Draft("anna").With("exp", JsonNode.Parse(exp)).Sign(), "WrongTime");

    [Test]
    public async Task Check_WithoutExp_IsRefused() => await _harness.RefuseAsync(Issuer.Draft("anna").Without("exp").Sign(), "WrongTime");

    [TestCase("nbf")]
    [TestCase("iat")]
    public async Task Check_AnNbfAhead_IsRefused(string claim) =>
        await _harness.RefuseAsync(Issuer.Draft("anna").With(claim, Now + 31).Sign(), "WrongTime");

    [Test]
    public async Task Check_ClocksThatDifferByHalfAMinute_AreForgiven() => await _harness.AcceptAsync(
        Issuer.Draft("anna").With("nbf", Now + 29).With("iat", Now + 29).With("exp", Now - 29));

    [Test]
    public async Task Check_ATokenOf100Kilobytes_IsRefusedWithoutALook()
    {
        await _harness.RefuseAsync(Issuer.Draft("anna").With("x", new string('x', 75_000)).Sign(), "TooLong");
        Issuer.Requests.Should().BeEmpty();
    }

    [Test]
    public async Task Check_AKeyOfAnotherIssuer_IsRefused()
    {
        await using var other = await TokenIssuer.StartAsync(_harness.Clock);
        other.Keys = [SigningKey.MakeElliptic("others")];

        await _harness.RefuseAsync(other.Draft("anna").With("iss", Issuer.Name).Sign(), "UnknownKey");
        await _harness.RefuseAsync(other.Draft("anna").With("iss", Issuer.Name).WithHeader("kid", "first").Sign(), "WrongSignature");
        await _harness.RefuseAsync(other.Draft("anna").Sign(), "UnknownIssuer");
        other.Requests.Should().BeEmpty("nobody asks an issuer that the settings do not name");
    }

    [TestCase("JWT")]
    [TestCase("at+jwtx")]
    [TestCase("logout+jwt")]
    [TestCase("dpop+jwt")]
    [TestCase("application/application/at+jwt")]
    [TestCase("text/at+jwt")]
    [TestCase(null)]
    public async Task Check_AWrongTyp_IsRefused(string? type) =>
        await _harness.RefuseAsync(Issuer.Draft("anna").WithHeader("typ", type).Sign(), "WrongType");

    [Test]
    public async Task Check_DuplicateClaims_AreRefused()
    {
        var draft = Issuer.Draft("anna");
        var (header, payload) = (draft.Header.ToJsonString(), draft.Payload.ToJsonString());
        var sign = Issuer.Keys[^1].Sign;

        await _harness.RefuseAsync(TokenDraft.Sign(header, "{\"sub\":\"root\"," + payload[1..], sign), "Malformed");
        await _harness.RefuseAsync(TokenDraft.Sign(header, "{\"\\u0073ub\":\"root\"," + payload[1..], sign), "Malformed");
        await _harness.RefuseAsync(TokenDraft.Sign("{\"alg\":\"none\"," + header[1..], payload, sign), "Malformed");
    }

    [Test]
    public async Task Check_AnotherSignature_IsRefused()
    {
        var token = Issuer.Draft("anna").Sign();
        var other = Issuer.Draft("root").Sign();
        var mixed = string.Join('.', [.. other.Split('.')[..2], token.Split('.')[2]]);

        await _harness.RefuseAsync(mixed, "WrongSignature");
        await _harness.RefuseAsync(Issuer.Draft("anna").Sign(static _ => new byte[64]), "WrongSignature");
    }

    [Test]
    public async Task Check_TextsThatAreNotUnicode_AreRefused()
    {
        var draft = Issuer.Draft("x");
        var payload = draft.Payload.ToJsonString().Replace("\"sub\":\"x\"", "\"sub\":\"\\ud800\"", StringComparison.Ordinal);

        await _harness.RefuseAsync(TokenDraft.Sign(draft.Header.ToJsonString(), payload, Issuer.Keys[^1].Sign), "refused");
    }

    [Test]
    public async Task Check_AnIdToken_CountsWhereItIsAllowedAlone()
    {
        await using var harness = await IssuerHarness.StartAsync(static corp => corp.AllowIdTokens = true);

        foreach (var type in new[] { "JWT", "jwt", null, "at+jwt" })
            await harness.AcceptAsync(harness.Issuer.Draft("anna").WithHeader("typ", type));

        await harness.RefuseAsync(harness.Issuer.Draft("anna").WithHeader("typ", "logout+jwt").Sign(), "WrongType");
        await harness.RefuseAsync(
            harness.Issuer.Draft("anna").WithHeader("typ", "JWT").With("events", new JsonObject()).Sign(), "WrongType");
    }

    private long Now => _harness.Clock.GetUtcNow().ToUnixTimeSeconds();
}
