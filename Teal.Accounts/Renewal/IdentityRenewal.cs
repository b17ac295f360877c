using Teal.Accounts.Directory;
using Teal.Accounts.Issuers;
using Teal.Accounts.Keys;
using Teal.Core.Identities;

namespace Teal.Accounts.Renewal;

/// <summary>Says what became of the identities of accounts, keys and tokens (specification 8.7).</summary>
internal sealed class IdentityRenewal(
    AccountDirectory accounts, KeyStore keys, KeyIdentities identities, TokenIdentities tokens, IssuerCheck issuers) : IIdentityRenewal
{
    /// <inheritdoc/>
    public async ValueTask<Identity?> RenewAsync(Identity identity, CancellationToken cancellationToken)
    {
        if (identity.Issuer is not null)
            return tokens.SubjectOf(identity) is { } subject ? await tokens.FindAsync(subject, cancellationToken) : null;
        if (identity.KeyId is not { } id) return await accounts.RenewAsync(identity, cancellationToken);

        var owner = await accounts.FindOwnerAsync(identity.Account, cancellationToken);
        return owner is not null && await keys.FindAsync(id, cancellationToken) is { } key && key.Account == identity.Account
            ? identities.Of(owner, key) : null;
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
