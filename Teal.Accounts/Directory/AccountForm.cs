using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Identities;

namespace Teal.Accounts.Directory;

/// <summary>What the members of an account must be, wherever they come from.</summary>
internal static class AccountForm
{
    // What is kept of an account has to fit into a record.
    private const int MostItems = 100, LongestText = 1024;

    /// <summary>What is wrong with an account, member by member; empty: nothing.</summary>
    /// <param name="account">The account.</param>
    /// <param name="roles">The roles of the settings.</param>
    public static IEnumerable<SettingFault> FaultsOf(Account account, IReadOnlyDictionary<string, Role> roles)
    {
        if (!AccountName.IsNormal(account.Name)) yield return new SettingFault("", $"must be {AccountName.Form}", "anna");
        if (account.Team != account.Name && !AccountName.IsNormal(account.Team))
            yield return new SettingFault("Team", $"must be {AccountName.Form}", "shop");
        if (account.Role is { } role && FaultOfRole(role, roles) is { } fault)
            yield return new SettingFault("Role", fault, BuiltInRoles.Member);
        if (!Permissions.TryParse(account.Permissions, out _, out var permissionFault))
            yield return new SettingFault("Permissions", permissionFault!, "read callback:*");
        if (!RedirectList.TryParse(account.Redirects, out _, out var redirectFault))
            yield return new SettingFault("Redirects", redirectFault!, "https://app.example.org/*");
        if (account.Claims.Count > MostItems || account.Claims.Any(static claim => !IsClaim(claim.Key, claim.Value)))
            yield return new SettingFault(
                "Claims",
                $"must be at most {MostItems} names of letters, digits, dots, hyphens and _, each with a text of at most {LongestText} " +
                "characters, none of them a control character", "employeeId=baker-001");
    }

    /// <summary>What is wrong with a password that is to be set; null: nothing.</summary>
    public static string? FaultOfPassword(string password) =>
        password.Length is 0 or > LongestText ? $"must have 1 to {LongestText} characters" : SettingTexts.PasswordFault(password);

    private static string? FaultOfRole(string role, IReadOnlyDictionary<string, Role> roles)
    {
        if (BuiltInRoles.Names.Contains(role) || roles.ContainsKey(role)) return null;

        return $"must be {string.Join(", ", BuiltInRoles.Names)} or one of Teal:Roles";
    }

    private static bool IsClaim(string name, string text) =>
        name.Length is > 0 and <= AccountName.MaximumLength && text.Length <= LongestText && !text.Any(char.IsControl)
        && name.All(static character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');
}
