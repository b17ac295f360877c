using System.Runtime.CompilerServices;
using Teal.Core.Bounds;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Identities;

namespace Teal.Accounts.Directory;

/// <summary>
/// What accounts are behind the door. Each has the same object for as long as nothing of it changes, so that its connections share it, and
/// a change can be seen by comparing references.
/// </summary>
internal sealed class IdentityTable(Live<AccountOptions> live)
{
    private readonly Lock _lock = new();
    private readonly AgeTable<string, Known> _known = new();

    // What they were made of, as long as somebody has them.
    private readonly ConditionalWeakTable<Identity, Account> _accounts = [];
    private readonly ConditionalWeakTable<Identity, Identity> _once = [];

    /// <summary>That of an account.</summary>
    public Identity Of(Account account)
    {
        var options = live.Now;
        var role = account.Role is null ? null : options.Roles.GetValueOrDefault(account.Role);
        var team = options.Teams.GetValueOrDefault(account.Team);
        if (account.Name == Identity.AnonymousName && account.Redirects.Count == 0 && team is null) return Identity.Anonymous;

        var most = options.Accounts.Count + options.MaximumCached;
        lock (_lock)
        {
            if (_known.TryFind(account.Name, out var known) && known.Role == role && known.Team == team)
            {
                if (ReferenceEquals(known.Account, account)) return known.Identity;
                if (known.Account.HasRightsOf(account) && known.Account.PasswordMark == account.PasswordMark)
                {
                    _known.Put(account.Name, known with { Account = account }, most);
                    return known.Identity;
                }
            }

            var identity = Make(account, role, options);
            _accounts.Add(identity, account);
            _known.Put(account.Name, new Known(account, role, team, identity), most);
            return identity;
        }
    }

    /// <summary>That of an account, for whoever came with a one-time password.</summary>
    /// <param name="owner">That of the account.</param>
    public Identity Once(Identity owner) => _once.GetValue(owner, _ =>
    {
        var identity = owner.Narrow(null, null, null);
        if (_accounts.TryGetValue(owner, out var account)) _accounts.Add(identity, account);
        return identity;
    });

    /// <summary>
    /// The <see cref="Account.PasswordMark"/> of the account as it was when the identity was made; empty: its password does not matter.
    /// </summary>
    public string MarkOf(Identity identity) => _accounts.TryGetValue(identity, out var account) ? account.PasswordMark : "";

    private static Identity Make(Account account, Role? role, AccountOptions options)
    {
        // A role that is not there any more allows nothing.
        var ofRole = account.Role is null ? null : BuiltInRoles.Find(account.Role, account.Team) ?? role?.Permissions;
        var own = account.Name == Identity.AnonymousName ? Identity.Anonymous.Permissions : Permissions.Of(account.Permissions);
        var redirects = RedirectList.TryParse(account.Redirects, out var list, out _) ? list : RedirectList.None;
        return new Identity
        {
            Account = account.Name,
            Team = account.Team,
            Role = account.Role,
            Permissions = ofRole is null ? own : account.Permissions.Count == 0 ? ofRole : ofRole.With(own),
            Redirects = options.RedirectsOf(redirects, account.Role, account.Team),
            Claims = account.Claims,
            MayMakeCredentials = true,
        };
    }

    /// <summary>An identity, and what it was made of.</summary>
    private sealed record Known(Account Account, Role? Role, Team? Team, Identity Identity);
}
