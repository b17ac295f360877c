using Teal.Webhooks.Directory;

namespace Teal.Webhooks.Management;

/// <summary>What came of a change of a webhook: the webhook as it is now, or why it is not.</summary>
/// <param name="Webhook">The webhook; null: it was not changed.</param>
/// <param name="Fault">Why it was not; null: it was.</param>
/// <param name="Former">The webhook as it was before; null: there was none.</param>
public readonly record struct WebhookResult(Webhook? Webhook, WebhookFault? Fault, Webhook? Former = null)
{
    /// <summary>It was not changed.</summary>
    public static implicit operator WebhookResult(WebhookFault fault) => new(null, fault);
}
