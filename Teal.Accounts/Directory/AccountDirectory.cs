using Teal.Core.Configuration;
using Teal.Core.Identities;

namespace Teal.Accounts.Directory;

/// <summary>All accounts, wherever they are kept.</summary>
public sealed class AccountDirectory(Live<AccountOptions> live)
{
    private static readonly Account Anonymous = new() { Name = Identity.AnonymousName, Origin = AccountOrigin.Settings };

    /// <summary>
    /// The account with that name, enabled or not; null: there is none. Those of the settings win over those of the store. Throws where
    /// the store would have to be asked, and cannot be reached.
    /// </summary>
    public ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(name == Identity.AnonymousName && live.Now.Password.Length > 0 ? Anonymous : null);
    }
}
