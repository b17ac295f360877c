using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingObjects;
using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Accounts.Issuers;

/// <summary>The settings of <see cref="IssuersOptions"/>, under <c>Teal:Authentication</c>.</summary>
public static class IssuerSettings
{
    private static readonly SettingMember[] Members =
    [
        new("Issuer", "what its tokens have as `iss`; with `https`, but on this machine", "https://login.example.org")
        {
            Pattern = "^https?://",
        },
        new("Audience", "what tokens for Teal have as their only `aud`", "teal"),
        new("Algorithms", "the signatures that count; by default RS256, PS256 and ES256", "ES256") { IsList = true },
        new("Account", "the claim that holds the account's name; by default `sub`", "sub"),
        new("Prefix", "what stands in front of that name", "corp."),
        new("Role", "the claim that holds the role's name; by default none", "teal_role"),
        new("Permissions", "what values of claims permit; by default `authorization_details` says it", "groups:ops=admin") { IsMap = true },
        new("AllowIdTokens", "whether other tokens count than access tokens of RFC 9068", "true", SettingForm.TrueOrFalse),
    ];

    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<IssuersOptions>> All =
    [
        new("Authentication:Issuers", "corp:Issuer=https://login.example.org",
            "OpenID providers and OAuth 2.0 servers whose tokens are taken: [accounts.md](accounts.md#tokens-of-other-issuers)",
            Objects<IssuersOptions>(Members, Apply)) { IsMap = true, IsLive = true },
        new("Authentication:MaximumTokenSize", "16 KiB", "how long such a token may be",
            Size<IssuersOptions>(1, 1024 * 1024, o => o.MaximumTokenSize, (o, v) => o.MaximumTokenSize = (int)v)) { IsLive = true },
        new("Authentication:KeyLifetime", "1 h",
            "how long an issuer's keys count until it is asked again; while it is away, the last ones do",
            Duration<IssuersOptions>(Second, Day, o => o.KeyLifetime, (o, v) => o.KeyLifetime = v)) { IsLive = true },
        new("Authentication:KeyInterval", "30 s",
            "how long an issuer is not asked again after it was asked, also where a token names a key that is not known",
            Duration<IssuersOptions>(Second, Day, o => o.KeyInterval, (o, v) => o.KeyInterval = v)) { IsLive = true },
        new("Authentication:DiscoveryTimeout", "10 s", "how long an issuer may take to tell its keys",
            Duration<IssuersOptions>(Second, TimeSpan.FromMinutes(5), o => o.DiscoveryTimeout, (o, v) => o.DiscoveryTimeout = v))
        {
            IsLive = true,
        },
        new("Authentication:MaximumDiscoverySize", "256 KiB", "how large an issuer's metadata may be, and its keys",
            Size<IssuersOptions>(1, int.MaxValue, o => o.MaximumDiscoverySize, (o, v) => o.MaximumDiscoverySize = v)) { IsLive = true },
        new("Authentication:MaximumKeys", "100", "how many keys an issuer may have",
            Count<IssuersOptions>(1, 10_000, o => o.MaximumKeys, (o, v) => o.MaximumKeys = v)) { IsLive = true },
        new("Authentication:MaximumRememberedTokens", "10000",
            "how many good tokens are remembered, so that a client that comes back costs no signature; then the oldest are forgotten",
            Count<IssuersOptions>(1, 10_000_000, o => o.MaximumRememberedTokens, (o, v) => o.MaximumRememberedTokens = v))
        {
            IsLive = true,
        },
    ];

    private static IEnumerable<SettingFault> Apply(IssuersOptions options, IReadOnlyList<SettingObject> objects)
    {
        var issuers = new List<IssuerOptions>(objects.Count);
        options.Issuers = issuers;
        foreach (var one in objects)
        {
            var reader = new IssuerReader(one);
            var faults = reader.Read().Concat(FaultsBeside(reader.Issuer, issuers)).ToArray();
            foreach (var fault in faults) yield return fault with { Path = $"{one.Name}:{fault.Path}" };
            if (faults.Length == 0) issuers.Add(reader.Issuer);
        }

        if (objects.Count > IssuersOptions.MaximumIssuers)
            yield return new SettingFault("", $"must be at most {IssuersOptions.MaximumIssuers} issuers");
    }

    // Otherwise one could name the accounts of another.
    private static IEnumerable<SettingFault> FaultsBeside(IssuerOptions issuer, List<IssuerOptions> others)
    {
        foreach (var other in others)
        {
            if (other.Issuer == issuer.Issuer) yield return new SettingFault("Issuer", $"must not be that of {other.Name} as well");
            else if (issuer.Prefix.StartsWith(other.Prefix, StringComparison.Ordinal)
                || other.Prefix.StartsWith(issuer.Prefix, StringComparison.Ordinal))
            {
                yield return new SettingFault(
                    "Prefix", $"must not begin as that of {other.Name}, so that neither can name the other's accounts", "corp.");
            }
        }
    }
}
