namespace Teal.Webhooks.Directory;

/// <summary>Where webhooks are, as the outside sees them.</summary>
/// <param name="listenerUrl">The listener's address, without a slash at its end; called once the server runs.</param>
public sealed class WebhookAddresses(Func<string> listenerUrl)
{
    /// <summary>What stands in front of each webhook's own address.</summary>
    public const string Prefix = "/hook/";

    /// <summary>The URL of a webhook.</summary>
    public string UrlOf(Webhook webhook) => listenerUrl() + Prefix + webhook.Address;
}
