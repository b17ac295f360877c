using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Directory;

/// <summary>A webhook that is ready to take something. The same object as long as nothing of it changes.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Verifier">What checks what comes.</param>
public sealed record OpenWebhook(Webhook Webhook, WebhookVerifier Verifier)
{
    /// <summary>Team and name.</summary>
    public override string ToString() => Webhook.ToString();
}
