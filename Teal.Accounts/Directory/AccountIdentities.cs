using System.Runtime.CompilerServices;
using Teal.Core.Identities;

namespace Teal.Accounts.Directory;

/// <summary>The identities of accounts: one object for each account, as long as nothing of it is changed.</summary>
internal sealed class AccountIdentities(AccountDirectory accounts)
{
    private readonly ConditionalWeakTable<Identity, Identity> _once = [];

    /// <summary>
    /// The identity of an account, as whoever came with its password has it; null: there is no such account, or it is not let in. Throws
    /// where nobody can be asked.
    /// </summary>
    public async ValueTask<Identity?> FindAsync(string name, CancellationToken cancellationToken) =>
        await accounts.FindAsync(name, cancellationToken) is { Enabled: true } account ? accounts.IdentityOf(account) : null;

    /// <summary>The same identity for whoever came with a one-time password.</summary>
    public Identity Once(Identity owner) => _once.GetValue(owner, static owner => owner.Narrow(null, null, null));
}
