using Teal.Accounts.Hashing;
using Teal.Core.Identities;

namespace Teal.Accounts.Directory;

/// <summary>A named user or program (specification 8.1). Nobody changes it: who changes an account makes another one.</summary>
public sealed record Account
{
    private static readonly IReadOnlyDictionary<string, string> NoClaims = new Dictionary<string, string>();

    /// <summary>Its name, in lower case (<see cref="AccountName"/>).</summary>
    public required string Name { get; init; }

    /// <summary>Where it is kept.</summary>
    public required AccountOrigin Origin { get; init; }

    /// <summary>Who owns what it makes, in lower case. Default: its own name.</summary>
    public string Team
    {
        get => field ?? Name;
        init;
    }

    /// <summary>The name of its role; null: it has none.</summary>
    public string? Role { get; init; }

    /// <summary>Its own permissions, beside those of its role. Default none.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>Patterns of the addresses that its states may lead to; empty: any. Default empty.</summary>
    public IReadOnlyList<string> Redirects { get; init; } = [];

    /// <summary>Texts that the operator attached to it, by their names. Default none.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = NoClaims;

    /// <summary>Whether it is let in. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What its password is checked against; null: it has none, or it stands in the settings as it is.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Whether it has a password.</summary>
    public bool HasPassword => PasswordHash is not null || PasswordDigest is not null;

    /// <summary>
    /// When its password was set, UTC. A hash that is made anew of the same password leaves it as it is. Null: it has none, or it stands in
    /// the settings.
    /// </summary>
    public DateTime? PasswordSetAt { get; init; }

    /// <summary>The version of its record in the store; zero: it is kept in the settings.</summary>
    public long Version { get; init; }

    /// <summary>What its password is compared with where it stands in the settings as it is.</summary>
    internal PasswordDigest? PasswordDigest { get; init; }

    /// <summary>What changes with its password, and with nothing else. It is no text for a log or a store.</summary>
    internal string PasswordMark => PasswordSetAt is { } setAt ? $"{setAt:O}" : $"{PasswordHash} {PasswordDigest?.Mark}";

    /// <summary>Its name: claims have no place in a log.</summary>
    public override string ToString() => Name;

    /// <summary>Whether both are the same behind the door.</summary>
    internal bool HasRightsOf(Account other) =>
        Name == other.Name && Team == other.Team && Role == other.Role && Permissions.SequenceEqual(other.Permissions)
        && Redirects.SequenceEqual(other.Redirects)
        && Claims.Count == other.Claims.Count && Claims.All(claim => other.Claims.GetValueOrDefault(claim.Key) == claim.Value);

    /// <summary>Whether both say the same.</summary>
    internal bool IsSameAs(Account other) =>
        HasRightsOf(other) && Origin == other.Origin && Enabled == other.Enabled
        && PasswordHash == other.PasswordHash && PasswordSetAt == other.PasswordSetAt
        && (PasswordDigest?.IsSameAs(other.PasswordDigest) ?? other.PasswordDigest is null);
}
