using Teal.Accounts.Hashing;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Identities;

using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Accounts.Directory;

/// <summary>Reads one account of the settings.</summary>
internal sealed class AccountReader(SettingObject source)
{
    private static readonly string[] OfAnonymous = ["Enabled", "Redirects"];
    private static readonly string[] Passwords = ["Password", "PasswordHash", "PasswordFile"];

    /// <summary>The account; null: there is none, or it is wrong.</summary>
    public Account? Account { get; private set; }

    /// <summary>Reads it, and returns what is wrong with it.</summary>
    public IEnumerable<SettingFault> Read(AccountOptions options)
    {
        var isEnabled = true;
        if (source.Text("Enabled") is { } enabled && FaultOfBoolean(enabled, out isEnabled) is { } fault)
            return [new SettingFault("Enabled", fault, "false")];
        if (source.Name.Equals(Identity.AnonymousName, StringComparison.OrdinalIgnoreCase)) return ReadAnonymous(options, isEnabled);

        var account = new Account
        {
            Name = source.Name.ToLowerInvariant(),
            Origin = AccountOrigin.Settings,
            Team = source.Text("Team")?.ToLowerInvariant() ?? source.Name.ToLowerInvariant(),
            Role = source.Text("Role")?.ToLowerInvariant(),
            Permissions = source.List("Permissions"),
            Redirects = source.List("Redirects"),
            Claims = source.Map("Claims"),
            Enabled = isEnabled,
        };
        return [.. AccountForm.FaultsOf(account, options.Roles), .. ReadPassword(account, options)];
    }

    private SettingFault[] ReadAnonymous(AccountOptions options, bool isEnabled)
    {
        options.IsAnonymousOff = !isEnabled;
        if (!source.Members.All(static member => OfAnonymous.Contains(member, StringComparer.OrdinalIgnoreCase)))
            return [new SettingFault("", "can have Enabled and Redirects alone; its password is Teal:Dispatcher:Password", "false")];
        if (!RedirectList.TryParse(source.List("Redirects"), out var redirects, out var fault))
            return [new SettingFault("Redirects", fault!, "https://app.example.org/*")];

        options.AnonymousRedirects = redirects;
        return [];
    }

    private SettingFault[] ReadPassword(Account account, AccountOptions options)
    {
        string[] given = [.. Passwords.Where(source.Has)];
        if (given.Length > 1) return [new SettingFault(given[1], $"must not stand beside {given[0]}", "")];
        if (given.Length == 0) Account = account;
        else if (ReadPassword(account, given[0], source.Text(given[0]) ?? "", options) is { } fault) return [fault];
        return [];
    }

    private SettingFault? ReadPassword(Account account, string member, string text, AccountOptions options)
    {
        if (member == "PasswordHash")
        {
            if (!PasswordHash.TryParse(text, out var hash)) return new SettingFault(member, $"must be {PasswordHash.Form}", "teal hash");

            options.MostRounds = Math.Max(options.MostRounds, hash.Rounds);
            Account = account with { PasswordHash = text };
            return null;
        }

        if (member == "PasswordFile" && ReadFile(text, out text) is { } fileFault)
            return new SettingFault(member, fileFault, "/run/secrets/anna");
        if (AccountForm.FaultOfPassword(text) is { } fault) return new SettingFault(member, fault, "a long random text");

        Account = account with { PasswordDigest = new PasswordDigest(text) };
        return null;
    }

    // Its first line, as editors end it with a line break.
    private static string? ReadFile(string path, out string text)
    {
        text = "";
        try
        {
            using var reader = File.OpenText(path);
            text = reader.ReadLine() ?? "";
            return null;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"must be a file that can be read ({exception.GetType().Name})";
        }
    }

    private static string? FaultOfBoolean(string text, out bool value)
    {
        var box = new Flag();
        var fault = Boolean<Flag>(static flag => flag.Value, static (flag, on) => flag.Value = on).Apply(box, text);
        value = box.Value;
        return fault;
    }

    private sealed class Flag
    {
        public bool Value { get; set; }
    }
}
