using Teal.Accounts.Directory;
using Teal.Accounts.Issuers;
using Teal.Accounts.Keys;
using Teal.Core.Identities;

namespace Teal.Accounts.Renewal;

/// <summary>Says what became of the identities of accounts, keys and tokens (specification 8.7).</summary>
internal sealed class IdentityRenewal(
    AccountIdentities accounts, KeyStore keys, KeyIdentities identities, TokenIdentities tokens, IssuerCheck issuers) : IIdentityRenewal
{
    /// <inheritdoc/>
    public async ValueTask<Identity?> RenewAsync(Identity identity, CancellationToken cancellationToken)
    {
        if (identity.Issuer is not null)
            return tokens.SubjectOf(identity) is { } subject ? await tokens.FindAsync(subject, cancellationToken) : null;
        if (await accounts.FindAsync(identity.Account, cancellationToken) is not { } owner) return null;
        if (identity.KeyId is not { } id) return identity.MayMakeCredentials ? owner : accounts.Once(owner);

        return await keys.FindAsync(id, cancellationToken) is var (key, _) && key.Account == identity.Account
            ? identities.Of(owner, id, key) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> RefreshAsync(Identity identity, string token, CancellationToken cancellationToken)
    {
        // Of another issuer it is another account, whatever its name.
        var result = await issuers.CheckAsync(token, cancellationToken);
        return result is not AuthenticationResult.Accepted(var other)
            || (other.Account == identity.Account && other.Team == identity.Team && other.Issuer == identity.Issuer)
            ? result : AuthenticationResult.NotProven;
    }
}
