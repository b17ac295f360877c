using System.Runtime.CompilerServices;
using Teal.Accounts.Directory;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Identities;

namespace Teal.Accounts.Issuers;

/// <summary>Makes identities of what tokens say: one object for each token, as long as nothing changes.</summary>
internal sealed class TokenIdentities(AccountDirectory directory, IssuerBook issuers, Live<AccountOptions> live, TimeProvider clock)
{
    private readonly ConditionalWeakTable<TokenSubject, Known> _known = [];
    private readonly ConditionalWeakTable<Identity, TokenSubject> _subjects = [];
    private readonly ConditionalWeakTable<TokenSubject, Asked> _free = [];

    /// <summary>
    /// The identity of a token; null: its issuer is none of the settings any more, or an account of Teal's own has that name, or its team,
    /// for which no issuer may pass. Throws where the directory cannot be asked, and could not within
    /// <see cref="AccountOptions.OfflineGrace"/>.
    /// </summary>
    public async ValueTask<Identity?> FindAsync(TokenSubject subject, CancellationToken cancellationToken)
    {
        if (issuers.Find(subject.Issuer) is not { } issuer) return null;
        if (await IsTakenAsync(subject, cancellationToken)) return null;

        var (options, name) = (live.Now, issuer.Options.Name);
        var role = subject.Role is null ? null : options.Roles.GetValueOrDefault(subject.Role);
        var team = options.Teams.GetValueOrDefault(subject.Account);
        if (_known.TryGetValue(subject, out var known) && known.Identity.Issuer == name && known.Role == role && known.Team == team)
            return known.Identity;

        var identity = Make(subject, role, options, name);
        _known.AddOrUpdate(subject, new Known(role, team, identity));
        _subjects.AddOrUpdate(identity, subject);
        return identity;
    }

    // While the store is away, what was known lately goes on to count, as for accounts.
    private async ValueTask<bool> IsTakenAsync(TokenSubject subject, CancellationToken cancellationToken)
    {
        var asked = clock.GetTimestamp();
        try
        {
            var isTaken = await directory.IsTakenAsync(subject.Account, cancellationToken);
            if (isTaken) _free.Remove(subject);
            else _free.AddOrUpdate(subject, new Asked(asked));
            return isTaken;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (_free.TryGetValue(subject, out var free) && clock.GetElapsedTime(free.At) <= live.Now.OfflineGrace) return false;

            throw;
        }
    }

    /// <summary>What the token said that an identity was made of; null: it was made of none.</summary>
    public TokenSubject? SubjectOf(Identity identity) => _subjects.TryGetValue(identity, out var subject) ? subject : null;

    private static Identity Make(TokenSubject subject, Role? role, AccountOptions options, string issuer)
    {
        // A role that is not known allows nothing.
        var ofRole = subject.Role is null ? null : BuiltInRoles.Find(subject.Role, subject.Account) ?? role?.Permissions;
        return new Identity
        {
            Account = subject.Account,
            Role = subject.Role,
            Permissions = ofRole is null ? subject.Permissions : ofRole.With(subject.Permissions),
            Redirects = options.RedirectsOf(RedirectList.Any, subject.Role, subject.Account),
            Issuer = issuer,
            ExpiresAt = subject.EndsAt,
        };
    }

    /// <summary>When nobody of Teal's own had the name.</summary>
    private sealed record Asked(long At);

    /// <summary>An identity, and the role and team of the settings that it was made with.</summary>
    private sealed record Known(Role? Role, Team? Team, Identity Identity);
}
