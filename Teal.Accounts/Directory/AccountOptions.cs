using System.Collections.Frozen;
using Teal.Core.Records;
using Teal.Accounts.Hashing;
using Teal.Core.Addresses;
using Teal.Core.Identities;

namespace Teal.Accounts.Directory;

/// <summary>The accounts and roles of the settings, and how those of the store are read (specification 8.2).</summary>
public sealed class AccountOptions
{
    private Account? _anonymous;

    /// <summary>The password of the account <c>anonymous</c>; empty: it is off.</summary>
    public string Password
    {
        get;
        set
        {
            field = value;
            _anonymous = MakeAnonymous();
        }
    } = "";

    /// <summary>Where the states of <c>anonymous</c> may lead, those of the original's processes included. Default anywhere.</summary>
    public RedirectList AnonymousRedirects
    {
        get;
        set
        {
            field = value;
            _anonymous = MakeAnonymous();
        }
    } = RedirectList.Any;

    /// <summary>Whether the password was made at the start: it counts as long as there are no accounts in the store.</summary>
    public bool IsPasswordGenerated { get; set; }

    /// <summary>Whether the settings say that <c>anonymous</c> is off, whatever its password.</summary>
    public bool IsAnonymousOff { get; set; }

    /// <summary>The accounts, by their names, without <c>anonymous</c>.</summary>
    public IReadOnlyDictionary<string, Account> Accounts { get; set; } = FrozenDictionary<string, Account>.Empty;

    /// <summary>The roles, by their names.</summary>
    public IReadOnlyDictionary<string, Role> Roles { get; set; } = FrozenDictionary<string, Role>.Empty;

    /// <summary>What is said of teams, by their names.</summary>
    public IReadOnlyDictionary<string, Team> Teams { get; set; } = FrozenDictionary<string, Team>.Empty;

    /// <summary>
    /// How long accounts of the store and keys that are known stay good while it cannot be asked. Default 60 seconds. Then their logins
    /// are answered with 503.
    /// </summary>
    public TimeSpan OfflineGrace { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How many accounts of the store, and how many keys, are remembered for a second, or while it is away. Default 10,000.
    /// </summary>
    public int MaximumCached { get; set; } = 10_000;

    /// <summary>How much of the store is remembered, and for how long.</summary>
    internal RecentBounds Recent => new(MaximumCached, OfflineGrace);

    /// <summary>The most rounds that a hash in the settings has.</summary>
    internal int MostRounds { get; set; }

    /// <summary>All accounts of the settings, <c>anonymous</c> first.</summary>
    public IEnumerable<Account> All =>
        new[] { Find(Identity.AnonymousName) }.OfType<Account>()
            .Concat(Accounts.Values.OrderBy(static account => account.Name, StringComparer.Ordinal));

    /// <summary>The account of the settings with that name; null: there is none.</summary>
    public Account? Find(string name)
    {
        if (name != Identity.AnonymousName) return Accounts.GetValueOrDefault(name);
        return IsAnonymousOff ? null : _anonymous;
    }

    /// <summary>Takes over what is the same as it was, so that whoever has it sees that nothing changed.</summary>
    public void Keep(AccountOptions before)
    {
        if (Password == before.Password && AnonymousRedirects.Texts.SequenceEqual(before.AnonymousRedirects.Texts))
            _anonymous = before._anonymous;
        Accounts = Kept(Accounts, before.Accounts, static (one, other) => one.IsSameAs(other));
        Roles = Kept(Roles, before.Roles, static (one, other) => one.IsSameAs(other));
        Teams = Kept(Teams, before.Teams, static (one, other) => one.IsSameAs(other));
    }

    /// <summary>Where states may lead: what one of the account's own list, its role's and its team's allows.</summary>
    /// <param name="own">The account's own list.</param>
    /// <param name="role">The name of its role; null: it has none.</param>
    /// <param name="team">The name of its team.</param>
    internal RedirectList RedirectsOf(RedirectList own, string? role, string team)
    {
        var ofRole = role is null ? null : Roles.GetValueOrDefault(role)?.Redirects;
        return own.With(ofRole ?? RedirectList.Any).With(Teams.GetValueOrDefault(team)?.Redirects ?? RedirectList.Any);
    }

    private Account? MakeAnonymous() => Password.Length == 0 ? null : new Account
    {
        Name = Identity.AnonymousName,
        Origin = AccountOrigin.Settings,
        Redirects = AnonymousRedirects.Texts,
        PasswordDigest = new PasswordDigest(Password),
    };

    private static FrozenDictionary<string, T> Kept<T>(
        IReadOnlyDictionary<string, T> now, IReadOnlyDictionary<string, T> before, Func<T, T, bool> isSame) =>
        now.ToFrozenDictionary(
            static pair => pair.Key,
            pair => before.TryGetValue(pair.Key, out var former) && isSame(pair.Value, former) ? former : pair.Value);
}
