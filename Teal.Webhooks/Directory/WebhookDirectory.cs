using Teal.Core.Configuration;
using Teal.Core.Records;
using Teal.Webhooks.Catalogue;

namespace Teal.Webhooks.Directory;

/// <summary>
/// Finds webhooks (specification 9.2): those of the settings, and those of the store, up to a second old. Members throw where the store
/// cannot be reached.
/// </summary>
public sealed class WebhookDirectory
{
    private readonly Live<WebhookOptions> _live;
    private readonly RecentRecords<string> _keys;
    private readonly RecentRecords<OpenWebhook> _webhooks;

    /// <summary>Makes it on a store.</summary>
    public WebhookDirectory(IRecordStore store, Live<WebhookOptions> live, TimeProvider clock)
    {
        _live = live;

        // While the store is away nothing could be kept, either.
        RecentBounds Bounds() => new(live.Now.MaximumCached, TimeSpan.Zero);
        _keys = new(store, WebhookRecord.Addresses, WebhookRecord.ReadAddress, Bounds, static _ => { }, clock);
        _webhooks = new(store, WebhookRecord.Collection, Open, Bounds, static _ => { }, clock);
    }

    /// <summary>The webhook at an address; null: there is none, or it takes nothing.</summary>
    /// <param name="address">What stands behind <c>/hook/</c>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<OpenWebhook?> FindAsync(string address, CancellationToken cancellationToken)
    {
        if (!WebhookName.IsPath(address)) return null;

        var found = _live.Now.ByAddress.GetValueOrDefault(address) ?? await FindStoredAsync(address, cancellationToken);
        return found?.Webhook.IsEnabled == true ? found : null;
    }

    /// <summary>It was changed here: whoever asks from now on gets what is in the store now.</summary>
    internal void Forget(Webhook webhook)
    {
        _keys.Forget(webhook.Address);
        _webhooks.Forget(webhook.Key);
    }

    private async ValueTask<OpenWebhook?> FindStoredAsync(string address, CancellationToken cancellationToken)
    {
        if (await _keys.FindAsync(address, cancellationToken) is not { } key) return null;

        // One that has another address by now is not at this one any more.
        var found = await _webhooks.FindAsync(key, cancellationToken);
        return found?.Webhook.Address == address ? found : null;
    }

    private static OpenWebhook Open(StoredRecord record)
    {
        var webhook = WebhookRecord.Read(record);
        return WebhookSchemes.Find(webhook.Provider) is { } scheme && scheme.TryCreate(webhook.Wish, out var verifier, out _)
            ? new OpenWebhook(webhook, verifier)
            : throw new InvalidDataException($"The webhook {webhook} has a provider or a secret that this version of Teal does not know.");
    }
}
