using System.Text;
using System.Text.Json;
using Teal.Core.Records;

namespace Teal.Webhooks.Directory;

/// <summary>A webhook as the store keeps it, in JSON, in a record with its key.</summary>
internal sealed record WebhookRecord
{
    /// <summary>Where webhooks are in the store.</summary>
    public const string Collection = "webhook";

    /// <summary>Where the keys of webhooks are, by their addresses.</summary>
    public const string Addresses = "webhook-address";

    /// <inheritdoc cref="Webhook.Address"/>
    public required string Address { get; init; }

    /// <inheritdoc cref="Webhook.Provider"/>
    public required string Provider { get; init; }

    /// <inheritdoc cref="Webhook.Secrets"/>
    public IReadOnlyList<string>? Secrets { get; init; }

    /// <inheritdoc cref="Webhook.VerifyToken"/>
    public string? VerifyToken { get; init; }

    /// <summary>In seconds.</summary>
    public double? Tolerance { get; init; }

    /// <inheritdoc cref="Webhook.Enforces"/>
    public bool Enforce { get; init; } = true;

    /// <inheritdoc cref="Webhook.TakesSubpaths"/>
    public bool Subpaths { get; init; }

    /// <inheritdoc cref="Webhook.Methods"/>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <inheritdoc cref="Webhook.IsEnabled"/>
    public bool Enabled { get; init; } = true;

    /// <inheritdoc cref="Webhook.CreatedAt"/>
    public DateTime? CreatedAt { get; init; }

    /// <summary>The webhook of a record. Members that a later version adds are passed over.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Webhook Read(StoredRecord record)
    {
        var stored = JsonSerializer.Deserialize(record.Value.Span, WebhookJson.Default.WebhookRecord)!;
        var slash = record.Key.IndexOf('/', StringComparison.Ordinal);
        return new Webhook
        {
            Team = record.Key[..slash],
            Name = record.Key[(slash + 1)..],
            Address = stored.Address,
            Provider = stored.Provider,
            Secrets = stored.Secrets ?? [],
            VerifyToken = stored.VerifyToken,
            Tolerance = stored.Tolerance is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Enforces = stored.Enforce,
            TakesSubpaths = stored.Subpaths,
            Methods = stored.Methods ?? Webhook.UsualMethods,
            IsEnabled = stored.Enabled,
            CreatedAt = stored.CreatedAt,
            Version = record.Version,
        };
    }

    /// <summary>The value of a webhook's record.</summary>
    public static byte[] Write(Webhook webhook) => JsonSerializer.SerializeToUtf8Bytes(
        new WebhookRecord
        {
            Address = webhook.Address,
            Provider = webhook.Provider,
            Secrets = webhook.Secrets.Count > 0 ? webhook.Secrets : null,
            VerifyToken = webhook.VerifyToken,
            Tolerance = webhook.Tolerance?.TotalSeconds,
            Enforce = webhook.Enforces,
            Subpaths = webhook.TakesSubpaths,
            Methods = webhook.Methods.SequenceEqual(Webhook.UsualMethods) ? null : webhook.Methods,
            Enabled = webhook.IsEnabled,
            CreatedAt = webhook.CreatedAt,
        }, WebhookJson.Default.WebhookRecord);

    /// <summary>The key that an address leads to.</summary>
    public static string ReadAddress(StoredRecord record) => Encoding.ASCII.GetString(record.Value.Span);

    /// <summary>The value of an address' record.</summary>
    public static byte[] WriteAddress(Webhook webhook) => Encoding.ASCII.GetBytes(webhook.Key);

    /// <summary>Nothing: secrets have no place in a log.</summary>
    public override string ToString() => nameof(WebhookRecord);
}
