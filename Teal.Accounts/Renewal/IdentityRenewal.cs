using Teal.Accounts.Directory;
using Teal.Accounts.Keys;
using Teal.Core.Identities;

namespace Teal.Accounts.Renewal;

/// <summary>Says what became of the identities of accounts and keys (specification 8.7).</summary>
internal sealed class IdentityRenewal(AccountIdentities accounts, KeyStore keys, KeyIdentities identities) : IIdentityRenewal
{
    /// <inheritdoc/>
    public async ValueTask<Identity?> RenewAsync(Identity identity, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(identity.Account, cancellationToken) is not { } owner) return null;
        if (identity.KeyId is not { } id) return identity.MayMakeCredentials ? owner : accounts.Once(owner);

        return await keys.FindAsync(id, cancellationToken) is var (key, _) && key.Account == identity.Account
            ? identities.Of(owner, id, key) : null;
    }
}
