using Teal.Core.Configuration;
using Teal.Core.Identities;

namespace Teal.Accounts.Directory;

/// <summary>All accounts, wherever they are kept, as logins and live connections need them.</summary>
public sealed class AccountDirectory
{
    private readonly Live<AccountOptions> _live;
    private readonly StoredAccounts _stored;
    private readonly IdentityTable _identities;

    internal AccountDirectory(Live<AccountOptions> live, StoredAccounts stored, IdentityTable identities) =>
        (_live, _stored, _identities) = (live, stored, identities);

    /// <summary>
    /// The account with that name, enabled or not; null: there is none. Those of the settings win over those of the store, where a change
    /// is seen after a second at most. Throws where the store would have to be asked and cannot be, and the account was not known within
    /// <see cref="AccountOptions.OfflineGrace"/>.
    /// </summary>
    /// <param name="name">The name in lower case (<see cref="AccountName"/>).</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var options = _live.Now;
        if (name != Identity.AnonymousName) return options.Find(name) ?? await _stored.FindAsync(name, cancellationToken);

        // A password that was made for the first minutes is over once there are accounts.
        var anonymous = options.Find(name);
        return anonymous is not null && options.IsPasswordGenerated && await _stored.AnyAsync(cancellationToken) ? null : anonymous;
    }

    /// <summary>
    /// Who an account is behind the door, enabled or not: by its role and its own permissions. The same object while nothing of it changes.
    /// </summary>
    public Identity IdentityOf(Account account) => _identities.Of(account);
}
