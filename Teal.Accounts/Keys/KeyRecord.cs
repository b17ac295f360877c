namespace Teal.Accounts.Keys;

/// <summary>A key as the store keeps it, in JSON. But for its last use it never changes.</summary>
internal sealed record KeyRecord
{
    /// <summary>Whose it is.</summary>
    public required string Account { get; init; }

    /// <summary>The SHA-256 of the whole key.</summary>
    public required byte[] Hash { get; init; }

    /// <inheritdoc cref="ApiKey.Label"/>
    public required string Label { get; init; }

    /// <inheritdoc cref="ApiKey.Permissions"/>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <inheritdoc cref="ApiKey.ExpiresAt"/>
    public DateTime? ExpiresAt { get; init; }

    /// <inheritdoc cref="ApiKey.CreatedAt"/>
    public required DateTime CreatedAt { get; init; }

    /// <inheritdoc cref="ApiKey.UsedAt"/>
    public DateTime? UsedAt { get; init; }

    /// <inheritdoc cref="ApiKey.UsedFrom"/>
    public string? UsedFrom { get; init; }

    /// <summary>What others may know of it.</summary>
    public ApiKey Describe(string id) => new()
    {
        Id = id,
        Account = Account,
        Label = Label,
        Permissions = Permissions,
        ExpiresAt = ExpiresAt,
        CreatedAt = CreatedAt,
        UsedAt = UsedAt,
        UsedFrom = UsedFrom,
    };
}
