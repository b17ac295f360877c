using Teal.Accounts.Keys;

namespace Teal.Api.Keys;

/// <summary>An API key as the API shows it; the key itself nobody knows but its owner.</summary>
internal record KeyEntry
{
    /// <summary>What it is called.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Account { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Label { get; init; }

    /// <summary>What may be done with it at most; null: all that the account may do.</summary>
    public required IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>When it ends, UTC; null: it has no end.</summary>
    public required DateTime? ExpiresAt { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was used last, UTC, up to a minute ago; null: it was not used.</summary>
    public required DateTime? UsedAt { get; init; }

    /// <summary>From where it was used then.</summary>
    public required string? UsedFrom { get; init; }

    /// <summary>That of a key.</summary>
    public static KeyEntry Of(ApiKey key) => new()
    {
        Id = key.Id,
        Account = key.Account,
        Label = key.Label,
        Permissions = key.Permissions,
        ExpiresAt = key.ExpiresAt,
        CreatedAt = key.CreatedAt,
        UsedAt = key.UsedAt,
        UsedFrom = key.UsedFrom,
    };
}
