using System.Globalization;
using Teal.Core.Configuration;
using Teal.Core.Identities;

namespace Teal.Accounts.Issuers;

/// <summary>Reads one issuer of the settings.</summary>
internal sealed class IssuerReader(SettingObject source)
{
    private const int LongestText = 1024;

    /// <summary>The issuer; not to be used when there are faults.</summary>
    public IssuerOptions Issuer { get; } = new() { Name = source.Name };

    /// <summary>Reads it, and returns what is wrong with it.</summary>
    public IEnumerable<SettingFault> Read()
    {
        Issuer.Issuer = source.Text("Issuer") ?? "";
        if (FaultOfIssuer(Issuer.Issuer) is { } fault) yield return new SettingFault("Issuer", fault, "https://login.example.org");

        Issuer.Audience = source.Text("Audience") ?? "";
        if (Issuer.Audience.Length is 0 or > LongestText)
            yield return new SettingFault("Audience", "must be what tokens for Teal have as their audience", "teal");

        if (source.Has("Algorithms")) Issuer.Algorithms = source.List("Algorithms");
        if (Issuer.Algorithms.Count == 0 || Issuer.Algorithms.Any(static name => SigningAlgorithm.ByName(name) is null))
        {
            yield return new SettingFault(
                "Algorithms", $"must be some of {string.Join(", ", SigningAlgorithm.All.Select(static known => known.Name))}", "RS256");
        }

        Issuer.Account = source.Text("Account") ?? Issuer.Account;
        if (Issuer.Account.Length == 0) yield return new SettingFault("Account", "must be the name of a claim", "sub");

        Issuer.Role = source.Text("Role") ?? "";
        Issuer.Prefix = source.Text("Prefix")?.ToLowerInvariant() ?? "";
        if (Issuer.Prefix.Length > 0 && !AccountName.IsNormal(Issuer.Prefix))
            yield return new SettingFault("Prefix", "must be the beginning of an account's name", "corp.");

        foreach (var wrong in ReadAllowIdTokens().Concat(ReadPermissions())) yield return wrong;
    }

    // RFC 8414 section 2.
    private static string? FaultOfIssuer(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || text.Length > LongestText
            ? "must be what tokens of the issuer have as iss, an address"
        : url.Scheme == "http" && !url.IsLoopback ? "must be an address with https: whoever is on the way could be the issuer"
        : url.UserInfo.Length > 0 || text.AsSpan().ContainsAny("?#") ? "must have no user name, query or fragment"
        : null;

    private IEnumerable<SettingFault> ReadAllowIdTokens()
    {
        var type = SettingTexts.Boolean<IssuerOptions>(
            static issuer => issuer.AllowIdTokens, static (issuer, isAllowed) => issuer.AllowIdTokens = isAllowed);
        if (source.Text("AllowIdTokens") is { } text && type.Apply(Issuer, text) is { } fault)
            yield return new SettingFault("AllowIdTokens", fault, "true");
    }

    private IEnumerable<SettingFault> ReadPermissions()
    {
        if (source.Text("Permissions") is { } text)
        {
            if (text != AuthorizationDetails.Claim)
                yield return new SettingFault("Permissions", $"must be {AuthorizationDetails.Claim}, or a map", AuthorizationDetails.Claim);
            yield break;
        }

        var texts = new Dictionary<(string Claim, string Value), IReadOnlyList<string>>();
        foreach (var (path, permissions) in source.Map("Permissions").OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            if (Split(path) is not (var key, var isItem))
                yield return new SettingFault($"Permissions:{path}", "must be a claim and a value, such as groups:ops", "admin");
            else texts[key] = [.. texts.GetValueOrDefault(key) ?? [], .. isItem ? [permissions] : SettingTexts.Items(permissions)];
        }

        foreach (var (key, list) in texts)
        {
            if (!Permissions.TryParse(list, out _, out var fault))
                yield return new SettingFault($"Permissions:{key.Claim}:{key.Value}", fault!, "read callback:*");
        }

        if (texts.Count > 0 && texts.Values.All(static list => Permissions.TryParse(list, out _, out _)))
            Issuer.Permissions = new ClaimPermissions(texts);
    }

    // A claim's name may have colons, as addresses do; a list has a number behind them.
    private static ((string Claim, string Value) Key, bool IsItem)? Split(string path)
    {
        var parts = path.Split(':');
        var isItem = parts.Length > 2 && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (isItem) parts = parts[..^1];
        return parts.Length < 2 ? null : ((string.Join(':', parts[..^1]), parts[^1]), isItem);
    }
}
