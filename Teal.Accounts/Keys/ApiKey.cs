namespace Teal.Accounts.Keys;

/// <summary>What is known of an account's API key; the key itself nobody knows but its owner (specification 8.3).</summary>
public sealed record ApiKey
{
    /// <summary>What it is called. It is no secret.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Account { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Label { get; init; }

    /// <summary>What may be done with it at most; what the account lacks is not among that. Null: all that the account may do.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>When it ends, UTC; null: it has no end.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was used last, UTC, up to <see cref="KeyOptions.UseInterval"/> ago; null: it was not used.</summary>
    public DateTime? UsedAt { get; init; }

    /// <summary>From where it was used then.</summary>
    public string? UsedFrom { get; init; }

    /// <summary>Its id alone: permissions may hold a key of topics, which has no place in a log.</summary>
    public override string ToString() => Id;
}
