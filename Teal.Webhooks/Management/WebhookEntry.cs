using System.Text.Json;
using Teal.Webhooks.Directory;

namespace Teal.Webhooks.Management;

/// <summary>A webhook as its team sees it, in the API and in <c>teal.v2</c>: never with a secret (specification 9.2).</summary>
public sealed record WebhookEntry
{
    /// <summary>What the team calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Team { get; init; }

    /// <summary>The address for the provider.</summary>
    public required string Url { get; init; }

    /// <summary>The scheme by which the provider signs.</summary>
    public required string Provider { get; init; }

    /// <summary>How many secrets it has.</summary>
    public required int Secrets { get; init; }

    /// <summary>How far the time of a signature may be away from now, in seconds; null: as far as the scheme says.</summary>
    public required double? Tolerance { get; init; }

    /// <summary>Whether only what is signed comes in.</summary>
    public required bool Enforce { get; init; }

    /// <summary>Whether further segments may stand behind the address.</summary>
    public required bool Subpaths { get; init; }

    /// <summary>The methods that are taken.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Whether anything is taken.</summary>
    public required bool Enabled { get; init; }

    /// <summary><c>store</c>, or <c>settings</c>: those are changed there.</summary>
    public required string Origin { get; init; }

    /// <summary>When it was made, UTC; null: it stands in the settings.</summary>
    public required DateTime? CreatedAt { get; init; }

    /// <summary>That of a webhook.</summary>
    public static WebhookEntry Of(Webhook webhook, WebhookAddresses addresses) => new()
    {
        Name = webhook.Name,
        Team = webhook.Team,
        Url = addresses.UrlOf(webhook),
        Provider = webhook.Provider,
        Secrets = webhook.Secrets.Count,
        Tolerance = webhook.Tolerance?.TotalSeconds,
        Enforce = webhook.Enforces,
        Subpaths = webhook.TakesSubpaths,
        Methods = webhook.Methods,
        Enabled = webhook.IsEnabled,
        Origin = webhook.IsOfSettings ? "settings" : "store",
        CreatedAt = webhook.CreatedAt,
    };

    /// <summary>In JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, WebhookEntryJson.Default.WebhookEntry);
}
