using Teal.Accounts.Issuers;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts.Issuers;

/// <summary>The door, with one issuer named <c>corp</c>, and a clock that tests move.</summary>
internal sealed class IssuerHarness : IAsyncDisposable
{
    private IssuerHarness(TokenIssuer issuer, SecretHouse house) => (Issuer, House) = (issuer, house);

    /// <summary>The issuer.</summary>
    public TokenIssuer Issuer { get; }

    /// <summary>What is behind the door.</summary>
    public SecretHouse House { get; }

    /// <summary>The clock of both.</summary>
    public ManualTimeProvider Clock => House.Clock;

    /// <summary>What was logged.</summary>
    public LogRecorder Log => House.Log;

    /// <summary>Makes one.</summary>
    public static async Task<IssuerHarness> StartAsync(Action<IssuerOptions>? set = null, Action<IssuersOptions>? bound = null)
    {
        var house = new SecretHouse();
        var issuer = await TokenIssuer.StartAsync(house.Clock);
        var corp = new IssuerOptions { Name = "corp", Issuer = issuer.Name, Audience = "teal", Role = "role" };
        set?.Invoke(corp);
        house.Options.Issuers.Issuers = [corp];
        bound?.Invoke(house.Options.Issuers);
        return new IssuerHarness(issuer, house);
    }

    /// <summary>What becomes of a token.</summary>
    public Task<AuthenticationResult> CheckAsync(string token) => House.AuthenticateAsync(new Credential.Token(token));

    /// <summary>Whom a token lets in.</summary>
    public async Task<Identity> AcceptAsync(TokenDraft token) =>
        (await CheckAsync(token.Sign())).Should().BeOfType<AuthenticationResult.Accepted>().Subject.Identity;

    /// <summary>Sees that a token is refused as all others are, and what the log says of it.</summary>
    public async Task RefuseAsync(string token, string reason)
    {
        (await CheckAsync(token)).Should().BeSameAs(AuthenticationResult.NotProven);
        Log.Lines.Should().Contain(line => line.Text.Contains(reason, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        House.Dispose();
        await Issuer.DisposeAsync();
    }
}
