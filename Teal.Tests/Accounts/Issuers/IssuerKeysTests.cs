using Microsoft.AspNetCore.Http;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts.Issuers;

/// <summary>How issuers are asked for their keys, and what counts while they are away.</summary>
public sealed class IssuerKeysTests
{
    private IssuerHarness _harness = null!;

    private TokenIssuer Issuer => _harness.Issuer;

    [SetUp]
    public async Task StartAsync() => _harness = await IssuerHarness.StartAsync(bound: static options => options.MaximumKeys = 3);

    [TearDown]
    public async Task StopAsync() => await _harness.DisposeAsync();

    [Test]
    public async Task Keys_OfAnIssuer_AreAskedForOnceForManyTokens()
    {
        var tokens = Enumerable.Range(0, 20).Select(i => Issuer.Draft($"a{i}").Sign()).ToArray();

        var results = await Task.WhenAll(tokens.Select(_harness.CheckAsync));

        results.Should().AllBeOfType<AuthenticationResult.Accepted>();
        Issuer.KeyRequests.Should().Be(1);
    }

    [Test]
    public async Task Keys_ThatAreOld_AreAskedForAgain()
    {
        await _harness.AcceptAsync(Issuer.Draft("anna"));
        var withdrawn = Issuer.Draft("bert").Sign();
        Issuer.Keys = [SigningKey.MakeElliptic("second")];
        _harness.Clock.Advance(TimeSpan.FromMinutes(4));
        (await _harness.CheckAsync(withdrawn)).Should().BeOfType<AuthenticationResult.Accepted>("nobody was told yet");

        _harness.Clock.Advance(TimeSpan.FromHours(1));

        await _harness.RefuseAsync(Issuer.Draft("bert").WithHeader("kid", "first").Sign(), "UnknownKey");
        Issuer.KeyRequests.Should().Be(2);
    }

    [Test]
    public async Task Keys_ThatAreWithdrawn_LetNoRememberedTokenInAnyMore()
    {
        var draft = Issuer.Draft("anna").With("exp", _harness.Clock.GetUtcNow().AddHours(3).ToUnixTimeSeconds());
        var token = draft.Sign();
        (await _harness.CheckAsync(token)).Should().BeOfType<AuthenticationResult.Accepted>();
        Issuer.Keys = [SigningKey.MakeElliptic("second")];

        _harness.Clock.Advance(TimeSpan.FromHours(1));

        await _harness.RefuseAsync(token, "UnknownKey");
    }

    [Test]
    public async Task Keys_ThatAreNew_AreAskedForAtTheFirstToken()
    {
        await _harness.AcceptAsync(Issuer.Draft("anna"));
        Issuer.Keys = [.. Issuer.Keys, SigningKey.MakeRsa("second")];
        _harness.Clock.Advance(TimeSpan.FromSeconds(30));

        (await _harness.AcceptAsync(Issuer.Draft("bert"))).Account.Should().Be("bert");
    }

    [Test]
    public async Task Keys_ThatDoNotExist_AreAskedForOnceInHalfAMinute()
    {
        await _harness.AcceptAsync(Issuer.Draft("anna"));
        _harness.Clock.Advance(TimeSpan.FromSeconds(30));

        for (var i = 0; i < 20; i++) await _harness.RefuseAsync(Issuer.Draft("anna").WithHeader("kid", $"key {i}").Sign(), "UnknownKey");

        Issuer.KeyRequests.Should().Be(2);
    }

    [Test]
    public async Task Keys_OfAnIssuerThatIsAway_GoOnToCount()
    {
        await _harness.AcceptAsync(Issuer.Draft("anna"));
        Issuer.Fail();

        _harness.Clock.Advance(TimeSpan.FromDays(1));

        await _harness.AcceptAsync(Issuer.Draft("bert"));
        _harness.Log.Lines.Should().ContainSingle(line => line.Id.Id == 9300).Which.Text.Should().Contain("corp").And.Contain("500");
    }

    [Test]
    public async Task Keys_ThatAnIssuerDoesNotTellNow_MakeTheTokenWait()
    {
        Issuer.Fail();

        (await _harness.CheckAsync(Issuer.Draft("anna").Sign())).Should().BeOfType<AuthenticationResult.Unavailable>()
            .Which.RetryAfter.Should().Be(TimeSpan.FromSeconds(30));

        Issuer.Recover();
        _harness.Clock.Advance(TimeSpan.FromSeconds(30));
        await _harness.AcceptAsync(Issuer.Draft("anna"));
        _harness.Log.Lines.Should().ContainSingle(line => line.Id.Id == 9301);
    }

    [Test]
    public async Task Keys_ThatAreNewWhileTheIssuerIsAway_MakeTheTokenWaitAndNoOther()
    {
        await _harness.AcceptAsync(Issuer.Draft("anna"));
        var fresh = Issuer.Draft("anna").WithHeader("kid", "new").Sign();
        Issuer.Fail();
        _harness.Clock.Advance(TimeSpan.FromMinutes(1));

        (await _harness.CheckAsync(fresh)).Should().BeOfType<AuthenticationResult.Unavailable>();

        await _harness.AcceptAsync(Issuer.Draft("bert"));
    }

    [Test]
    public async Task Discovery_ThatIsSlow_IsGivenUp()
    {
        var asked = new TaskCompletionSource();
        Issuer.Misbehaviour = async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        };

        var checking = _harness.CheckAsync(Issuer.Draft("anna").Sign());
        await asked.Task.WithinLimit();
        _harness.Clock.Advance(TimeSpan.FromSeconds(10));

        (await checking).Should().BeOfType<AuthenticationResult.Unavailable>();
        _harness.Log.Lines.Should().ContainSingle(line => line.Id.Id == 9300).Which.Text.Should().Contain("longer than 10 s");
    }

    [TestCase(TokenIssuer.OpenIdPath)]
    [TestCase(TokenIssuer.KeysPath)]
    public Task Discovery_ThatIsHuge_IsNotRead(string path) => FaultAsync(
        async context =>
        {
            if (context.Request.Path != path) return false;

            await context.Response.WriteAsync(new string(' ', 300 * 1024));
            return true;
        },
        "more than 262144 bytes");

    [Test]
    public Task Discovery_ThatIsNoJson_IsAFault() => FaultAsync(
        static async context =>
        {
            await context.Response.WriteAsync("<html>");
            return true;
        },
        "cannot be read");

    [Test]
    public Task Discovery_ThatRedirects_IsNotFollowed() => FaultAsync(
        static context =>
        {
            context.Response.Redirect("http://127.0.0.1:1/");
            return Task.FromResult(true);
        },
        "status 302");

    [Test]
    public Task Discovery_OfAnotherIssuer_IsAFault()
    {
        Issuer.Metadata = static metadata => metadata["issuer"] = "https://other.example.org";
        return FaultAsync(null, "names another issuer");
    }

    [TestCase("http://192.0.2.1/keys")]
    [TestCase("file:///etc/passwd")]
    [TestCase("/keys")]
    public Task Discovery_WhoseKeysAreNotHttps_IsAFault(string address)
    {
        Issuer.Metadata = metadata => metadata["jwks_uri"] = address;
        return FaultAsync(null, "not https");
    }

    [Test]
    public Task Discovery_WithTooManyKeys_IsAFault()
    {
        Issuer.Keys = [.. Enumerable.Range(0, 4).Select(static i => SigningKey.MakeElliptic($"{i}"))];
        return FaultAsync(null, "more than 3 keys");
    }

    [Test]
    public async Task Discovery_OfAnOAuthServer_IsFoundWhereRfc8414HasIt()
    {
        Issuer.Misbehaviour = async context =>
        {
            if (context.Request.Path != TokenIssuer.OAuthPath) return false;

            await context.Response.WriteAsync($$"""{"issuer":"{{Issuer.Name}}","jwks_uri":"{{Issuer.Name}}/keys"}""");
            return true;
        };
        Issuer.HasOpenId = false;

        await _harness.AcceptAsync(Issuer.Draft("anna"));
        Issuer.Requests.Should().Equal(TokenIssuer.OpenIdPath, TokenIssuer.OAuthPath, TokenIssuer.KeysPath);
    }

    [Test]
    public async Task Keys_WithoutIds_CountWhereThereIsOneAlone()
    {
        Issuer.Keys = [SigningKey.MakeElliptic(null)];
        await _harness.AcceptAsync(Issuer.Draft("anna").WithHeader("kid", null));

        Issuer.Keys = [SigningKey.MakeElliptic(null), SigningKey.MakeElliptic(null)];
        _harness.Clock.Advance(TimeSpan.FromHours(1));
        await _harness.RefuseAsync(Issuer.Draft("anna").WithHeader("kid", null).Sign(), "UnknownKey");
    }

    [Test]
    public async Task Keys_ThatAreForSomethingElse_SignNothing()
    {
        var (short_, encrypts, other) = (SigningKey.MakeRsa("short", size: 1024), SigningKey.MakeRsa("enc"), SigningKey.MakeRsa("other"));
        Issuer.Keys = [short_, encrypts with { Use = "enc" }, other with { Algorithm = "RS512" }];

        foreach (var key in Issuer.Keys)
        {
            await _harness.RefuseAsync(
                Issuer.Draft("anna").WithHeader("kid", key.Id).WithHeader("alg", "RS256").Sign(key.Sign), "UnknownKey");
        }
    }

    private async Task FaultAsync(Func<HttpContext, Task<bool>>? misbehaviour, string fault)
    {
        if (misbehaviour is not null) Issuer.Misbehaviour = misbehaviour;

        (await _harness.CheckAsync(Issuer.Draft("anna").Sign())).Should().BeOfType<AuthenticationResult.Unavailable>();

        _harness.Log.Lines.Should().ContainSingle(line => line.Id.Id == 9300).Which.Text.Should().Contain(fault);
    }
}
