using Teal.Accounts.Directory;

namespace Teal.Api.Accounts;

/// <summary>An account as the API shows it; of its password only whether it has one, and since when.</summary>
internal sealed record AccountEntry
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>settings</c>: nobody changes it here; or <c>store</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>Who owns what it makes.</summary>
    public required string Team { get; init; }

    /// <summary>Its role; null: it has none.</summary>
    public required string? Role { get; init; }

    /// <summary>Its own permissions, beside those of its role.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>Patterns of the addresses that its states may lead to; empty: any.</summary>
    public required IReadOnlyList<string> Redirects { get; init; }

    /// <summary>Texts that the operator attached to it.</summary>
    public required IReadOnlyDictionary<string, string> Claims { get; init; }

    /// <summary>Whether it is let in.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Whether it has a password.</summary>
    public required bool HasPassword { get; init; }

    /// <summary>When that was set, UTC; null: it has none, or it stands in the settings.</summary>
    public required DateTime? PasswordSetAt { get; init; }

    /// <summary>That of an account.</summary>
    public static AccountEntry Of(Account account) => new()
    {
        Name = account.Name,
        Origin = account.Origin == AccountOrigin.Settings ? "settings" : "store",
        Team = account.Team,
        Role = account.Role,
        Permissions = account.Permissions,
        Redirects = account.Redirects,
        Claims = account.Claims,
        Enabled = account.Enabled,
        HasPassword = account.HasPassword,
        PasswordSetAt = account.PasswordSetAt,
    };
}
