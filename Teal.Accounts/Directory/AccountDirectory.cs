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

    /// <summary>The account with that name as it is now, and not as it was a second ago; null: there is none.</summary>
    internal async ValueTask<Account?> ReadAsync(string name, CancellationToken cancellationToken) =>
        _live.Now.Find(name) ?? await _stored.ReadAsync(name, cancellationToken);

    /// <summary>
    /// Whether the name is that of an account, or of a team that an account has, or of the store had. Throws as <see cref="FindAsync"/>
    /// does.
    /// </summary>
    internal async ValueTask<bool> IsTakenAsync(string name, CancellationToken cancellationToken) =>
        _live.Now.Accounts.Values.Any(account => account.Team == name)
        || await FindAsync(name, cancellationToken) is not null || await _stored.IsTeamAsync(name, cancellationToken);

    /// <summary>
    /// Who an account is behind the door, enabled or not: by its role and its own permissions. The same object while nothing of it changes.
    /// </summary>
    public Identity IdentityOf(Account account) => _identities.Of(account);

    /// <summary>
    /// Who an account is, for whoever came with what was made with its password; null: there is none, or it is not let in. Throws as
    /// <see cref="FindAsync"/> does.
    /// </summary>
    internal async ValueTask<Identity?> FindOwnerAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) is { Enabled: true } account ? IdentityOf(account) : null;

    /// <summary>Who an account is, for whoever came with a one-time password.</summary>
    internal Identity OnceOf(Identity owner) => _identities.Once(owner);

    /// <summary>What changes with the password that an identity rests on; empty: it does not matter.</summary>
    internal string MarkOf(Identity identity) => _identities.MarkOf(identity);

    /// <summary>
    /// Who somebody is now who came with a password, or once with a one-time password; null: the account is over, or has another password.
    /// </summary>
    internal async ValueTask<Identity?> RenewAsync(Identity identity, CancellationToken cancellationToken)
    {
        if (await FindOwnerAsync(identity.Account, cancellationToken) is not { } owner || MarkOf(identity) != MarkOf(owner)) return null;

        return identity.MayMakeCredentials ? owner : OnceOf(owner);
    }
}
