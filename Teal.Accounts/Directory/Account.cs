using Teal.Core.Identities;

namespace Teal.Accounts.Directory;

/// <summary>A named user or program (specification 8). Nobody changes it: who changes an account makes another one.</summary>
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

    /// <summary>The version of its record in the store; zero: it is kept in the settings.</summary>
    public long Version { get; init; }

    /// <summary>Its name: claims have no place in a log.</summary>
    public override string ToString() => Name;
}
