using Microsoft.Extensions.Logging;
using Teal.Accounts.Authentication;
using Teal.Core.Configuration;
using Teal.Core.Hosting;
using Teal.Core.Identities;

namespace Teal.Accounts.Issuers;

/// <summary>
/// Decides on tokens of outside issuers (specification 8.8): signed JSON web tokens, RFC 9068 by default. Whatever is wrong with one,
/// whoever brings it is told the same; the log has the reason.
/// </summary>
internal sealed partial class IssuerCheck(
    IssuerBook issuers, TokenIdentities identities, RememberedTokens remembered, Live<IssuersOptions> live, TimeProvider clock,
    ILogger<IssuerCheck> logger) : ICredentialCheck
{
    private readonly RepeatedMessage _refused = new(logger, LogLevel.Information, "Tokens were refused", clock);

    /// <inheritdoc/>
    public bool Recognizes(Credential credential) => credential is Credential.Token(var text) && TokenText.IsOne(text);

    /// <inheritdoc/>
    public ValueTask<AuthenticationResult> CheckAsync(Credential credential, Arrival arrival, CancellationToken cancellationToken) =>
        CheckAsync(((Credential.Token)credential).Secret, cancellationToken);

    /// <summary>Decides on a text that may be a token.</summary>
    public async ValueTask<AuthenticationResult> CheckAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length > live.Now.MaximumTokenSize) return Refuse(TokenFault.TooLong);
        if (await FindAsync(text, cancellationToken) is { } known) return new AuthenticationResult.Accepted(known);
        if (TokenText.Read(text) is not { } token) return Refuse(TokenFault.Malformed);
        if (issuers.Find(token.Issuer) is not { } issuer) return Refuse(TokenFault.UnknownIssuer);

        try
        {
            return await CheckAsync(token, issuer, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader throws for a text that is not Unicode.
            return Refuse(TokenFault.Malformed, issuer);
        }
    }

    private async ValueTask<AuthenticationResult> CheckAsync(TokenText token, OutsideIssuer issuer, CancellationToken cancellationToken)
    {
        var options = issuer.Options;
        if (TokenRules.FaultOf(token, options, clock.GetUtcNow()) is { } fault) return Refuse(fault, issuer);

        var found = await issuer.Keys.FindAsync(token.KeyId, SigningAlgorithm.ByName(token.Algorithm)!, cancellationToken);
        if (found.RetryAfter is { } wait) return new AuthenticationResult.Unavailable(wait);
        if (found is not { Key: { } key, Keys: { } keys }) return Refuse(TokenFault.UnknownKey, issuer);
        if (!await TokenRules.IsSignedAsync(token, options, key)) return Refuse(TokenFault.WrongSignature, issuer);
        if (TokenSubject.Read(token, options, out var subject) is { } wrong) return Refuse(wrong, issuer);
        if (await identities.FindAsync(subject!, cancellationToken) is not { } identity)
            return Refuse(TokenFault.WrongAccount, issuer);

        remembered.Put(token.Text, new RememberedToken(issuer, keys, subject!));
        return new AuthenticationResult.Accepted(identity);
    }

    // Not once its issuer has other keys, or is due to be asked for them, or its settings are others.
    private async ValueTask<Identity?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (remembered.Find(text) is not { } known || known.Subject.EndsAt <= clock.GetUtcNow().UtcDateTime
            || known.Issuer.Keys.Fresh != known.Keys || issuers.Find(known.Issuer.Options.Issuer) != known.Issuer)
            return null;

        return await identities.FindAsync(known.Subject, cancellationToken);
    }

    private AuthenticationResult Refuse(TokenFault fault, OutsideIssuer? issuer = null)
    {
        var name = issuer?.Options.Name ?? "unknown";
        if (_refused.IsNew($"{name}: {fault}")) Log.Refused(logger, name, fault);
        return AuthenticationResult.NotProven;
    }

    private static partial class Log
    {
        [LoggerMessage(9302, LogLevel.Information, "A token was refused: issuer {Issuer}, {Fault}")]
        public static partial void Refused(ILogger logger, string issuer, TokenFault fault);
    }
}
