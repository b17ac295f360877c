namespace Teal.Listener.Powens;

/// <summary>The path of a webhook, taken apart.</summary>
/// <param name="RawDomain">The domain as it stood in the path.</param>
/// <param name="RawEvent">The event as it stood in the path.</param>
internal sealed record PowensWebhookPath(string RawDomain, string RawEvent)
{
    /// <summary>The domain, decoded.</summary>
    public string Domain { get; } = Uri.UnescapeDataString(RawDomain);

    /// <summary>The name of the event, decoded.</summary>
    public string Event { get; } = Uri.UnescapeDataString(RawEvent);

    /// <summary>Null when the path is not <c>/powens-webhook/DOMAIN/EVENT</c>, or one of the two has a slash inside.</summary>
    public static PowensWebhookPath? Parse(string rawPath)
    {
        if (rawPath.Split('/') is not ["", _, { Length: > 0 } domain, { Length: > 0 } @event]) return null;

        var path = new PowensWebhookPath(domain, @event);
        return path.Domain.Contains('/') || path.Event.Contains('/') ? null : path;
    }
}
