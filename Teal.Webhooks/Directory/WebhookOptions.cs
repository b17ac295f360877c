using System.Collections.Frozen;

namespace Teal.Webhooks.Directory;

/// <summary>The webhooks of the settings, and bounds of all (specification 9.2).</summary>
public sealed class WebhookOptions
{
    /// <summary>The webhooks of the settings.</summary>
    public IReadOnlyList<OpenWebhook> Webhooks
    {
        get;
        set
        {
            field = value;
            ByAddress = value.ToFrozenDictionary(static open => open.Webhook.Address);
            ByKey = value.ToFrozenDictionary(static open => open.Webhook.Key);
        }
    } = [];

    /// <summary>How many webhooks a team may have in the store. Default 100.</summary>
    public int MaximumPerTeam { get; set; } = 100;

    /// <summary>How many webhooks there may be in the store. Default 10,000.</summary>
    public int Maximum { get; set; } = 10_000;

    /// <summary>How many webhooks of the store are remembered for a second. Default 10,000.</summary>
    public int MaximumCached { get; set; } = 10_000;

    /// <summary>How many events a webhook takes within a minute. Default 6,000. Further ones get a 429.</summary>
    public int MaximumPerMinute { get; set; } = 6_000;

    /// <summary>The same for all webhooks of a team together. Default 30,000.</summary>
    public int MaximumPerMinuteOfTeam { get; set; } = 30_000;

    /// <summary>How long a delivery is remembered that came, to know it again. Default 10 minutes.</summary>
    public TimeSpan DeliveryMemory { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many such deliveries are remembered; then the oldest are forgotten. Default 100,000.</summary>
    public int MaximumDeliveries { get; set; } = 100_000;

    /// <summary>Those of the settings, by their addresses.</summary>
    internal FrozenDictionary<string, OpenWebhook> ByAddress { get; private set; } = FrozenDictionary<string, OpenWebhook>.Empty;

    /// <summary>Those of the settings, by their keys.</summary>
    internal FrozenDictionary<string, OpenWebhook> ByKey { get; private set; } = FrozenDictionary<string, OpenWebhook>.Empty;
}
