using Teal.Accounts.Hashing;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Identities;

using static Teal.Core.Configuration.SettingObjects;
using static Teal.Core.Configuration.SettingQuantities;
using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Accounts.Directory;

/// <summary>The settings of <see cref="AccountOptions"/>.</summary>
public static class AccountSettings
{
    private const string Password = "Password", Hash = "PasswordHash", PasswordFile = "PasswordFile";

    private static readonly SettingMember Redirects =
        new("Redirects", "patterns of the addresses that states may lead to; none: any", "https://app.example.org/*") { IsList = true };

    private static readonly SettingMember[] RoleMembers =
    [
        new("Permissions", "what whoever has the role may do", "read callback:*") { IsList = true },
        Redirects,
    ];

    private static readonly SettingMember[] TeamMembers = [Redirects];

    private static readonly SettingMember[] AccountMembers =
    [
        new(Password, "its password", "a long random text"),
        new(Hash, "the hash of its password, as teal hash prints it", "$pbkdf2-sha512$i=210000$SALT$HASH")
        {
            Pattern = "^[$]pbkdf2-sha512[$]",
        },
        new(PasswordFile, "a file whose first line is its password", "/run/secrets/anna"),
        new("Team", "who owns what it makes; by default itself", "shop"),
        new("Role", "a built-in role, or one of Roles", BuiltInRoles.Member),
        new("Permissions", "what it may do beside its role", "read callback:*") { IsList = true },
        Redirects,
        new("Claims", "texts for those whom it calls, by their names", "employeeId=baker-001") { IsMap = true },
        new("Enabled", "whether it is let in", "false", SettingForm.TrueOrFalse),
    ];

    /// <summary><c>Dispatcher:Password</c>.</summary>
    public static readonly Setting<AccountOptions> AnonymousPassword =
        new("Dispatcher:Password", "a long random text",
            "the password of the user `anonymous`, at least 16 characters where others than this machine reach the dispatcher; " +
            "none: where there are accounts, `anonymous` is off, else a random one is made at start and shown once; without accounts " +
            "required when `Distributed`",
            Password<AccountOptions>((o, v) => o.Password = v))
        {
            Aliases = ["PASSWORD", "TEAL_PASSWORD"],
            IsSecret = true,
            IsLive = true,
        };

    /// <summary>Who may come in, in the order of the documentation. Roles come first, as accounts name them.</summary>
    public static readonly IReadOnlyList<Setting<AccountOptions>> Accounts =
    [
        new("Roles", "shop:Permissions=read callback:*",
            "roles beside `member`, `reader` and `admin`, by their names; docs/accounts.md has their members",
            Objects<AccountOptions>(RoleMembers, ApplyRoles)) { IsMap = true, IsLive = true },
        new("Teams", "shop:Redirects=https://app.example.org/*",
            "what holds for all accounts of a team, by the teams' names; docs/accounts.md has the members",
            Objects<AccountOptions>(TeamMembers, ApplyTeams)) { IsMap = true, IsLive = true },
        new("Accounts", "anna:Role=member",
            "accounts beside `anonymous` and those that are managed while Teal runs, by their names; docs/accounts.md has their members",
            Objects<AccountOptions>(AccountMembers, ApplyAccounts)) { IsMap = true, IsSecret = true, IsLive = true },
        new("Accounts:OfflineGrace", "60 s", "how long accounts and keys of the store that are known stay good while it is away; then 503",
            Duration<AccountOptions>(TimeSpan.Zero, Day, o => o.OfflineGrace, (o, v) => o.OfflineGrace = v)) { IsLive = true },
        new("Accounts:MaximumCached", "10000",
            "how many accounts of the store, and how many keys, are remembered for that; then the oldest are forgotten",
            Count<AccountOptions>(1, 10_000_000, o => o.MaximumCached, (o, v) => o.MaximumCached = v)) { IsLive = true },
    ];

    private static IEnumerable<SettingFault> ApplyRoles(AccountOptions options, IReadOnlyList<SettingObject> objects)
    {
        var roles = new Dictionary<string, Role>(StringComparer.Ordinal);
        options.Roles = roles;
        foreach (var one in objects)
        {
            var texts = one.List("Permissions");
            if (!AccountName.TryParse(one.Name, out var name))
                yield return new SettingFault(one.Name, $"must be {AccountName.Form}", "shop");
            else if (BuiltInRoles.Names.Contains(name) && one.Has("Permissions"))
                yield return new SettingFault($"{one.Name}:Permissions", "are those of a built-in role, and cannot be changed", "none");
            else if (!Permissions.TryParse(texts, out var permissions, out var fault))
                yield return new SettingFault($"{one.Name}:Permissions", fault!, "read callback:*");
            else if (!RedirectList.TryParse(one.List("Redirects"), out var redirects, out fault))
                yield return FaultOfRedirects(one, fault!);
            else roles[name] = new Role { Name = name, Texts = texts, Permissions = permissions, Redirects = redirects };
        }
    }

    private static IEnumerable<SettingFault> ApplyTeams(AccountOptions options, IReadOnlyList<SettingObject> objects)
    {
        var teams = new Dictionary<string, Team>(StringComparer.Ordinal);
        options.Teams = teams;
        foreach (var one in objects)
        {
            if (!AccountName.TryParse(one.Name, out var name))
                yield return new SettingFault(one.Name, $"must be {AccountName.Form}", "shop");
            else if (!RedirectList.TryParse(one.List("Redirects"), out var redirects, out var fault))
                yield return FaultOfRedirects(one, fault!);
            else teams[name] = new Team { Name = name, Redirects = redirects };
        }
    }

    private static SettingFault FaultOfRedirects(SettingObject one, string fault) =>
        new($"{one.Name}:{Redirects.Name}", fault, Redirects.Example);

    private static IEnumerable<SettingFault> ApplyAccounts(AccountOptions options, IReadOnlyList<SettingObject> objects)
    {
        var accounts = new Dictionary<string, Account>(StringComparer.Ordinal);
        options.Accounts = accounts;
        foreach (var one in objects)
        {
            var reader = new AccountReader(one);
            var faults = reader.Read(options).ToArray();
            foreach (var fault in faults) yield return fault with { Path = fault.Path.Length == 0 ? one.Name : $"{one.Name}:{fault.Path}" };
            if (faults.Length == 0 && reader.Account is { } account) accounts[account.Name] = account;
        }
    }
}
