using System.Text.Json.Serialization;

namespace Teal.Accounts.Keys;

/// <summary>A key as the store keeps it, in JSON. But for its last use it never changes.</summary>
internal sealed record KeyRecord
{
    /// <summary>The key's id, which is the record's name.</summary>
    [JsonIgnore]
    public string Id { get; init; } = "";

    /// <summary>The record's version.</summary>
    [JsonIgnore]
    public long Version { get; init; }

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
    public ApiKey Describe() => new()
    {
        Id = Id,
        Account = Account,
        Label = Label,
        Permissions = Permissions,
        ExpiresAt = ExpiresAt,
        CreatedAt = CreatedAt,
        UsedAt = UsedAt,
        UsedFrom = UsedFrom,
    };
}
