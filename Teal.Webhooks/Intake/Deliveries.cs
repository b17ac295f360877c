using System.Security.Cryptography;
using System.Text;
using Teal.Core.Bounds;
using Teal.Core.Configuration;
using Teal.Webhooks.Directory;

namespace Teal.Webhooks.Intake;

/// <summary>
/// Remembers which deliveries were taken, in this process, so that one that its provider sends again is no second event (specification
/// 9.2). Any thread may call it.
/// </summary>
public sealed class Deliveries(Live<WebhookOptions> live, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly AgeTable<Hash, Delivery> _known = new();

    /// <summary>
    /// Takes a delivery once. Where the same one is being taken just now, its end is waited for, and where that failed this one is tried.
    /// </summary>
    /// <param name="webhook">The webhook that it came to.</param>
    /// <param name="id">What its provider numbers it with. Only a signed one is believed.</param>
    /// <param name="take">Takes it; false: it could not be taken.</param>
    /// <returns>Whether it was taken, now or before.</returns>
    public async ValueTask<bool> TakeOnceAsync(Webhook webhook, string id, Func<Task<bool>> take)
    {
        var hash = HashOf(webhook, id);
        while (true)
        {
            var (delivery, isMine) = Find(hash);
            if (isMine) return await TakeAsync(hash, delivery, take);
            if (await delivery.Taken.Task) return true;
        }
    }

    private static Hash HashOf(Webhook webhook, string id)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{webhook.Key}\n{id}"));
        return new Hash(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, sizeof(ulong)));
    }

    private (Delivery Delivery, bool IsMine) Find(Hash hash)
    {
        var options = live.Now;
        lock (_lock)
        {
            if (_known.TryFind(hash, out var known) && clock.GetElapsedTime(known.Since) < options.DeliveryMemory) return (known, false);

            var delivery = new Delivery(clock.GetTimestamp());
            _known.Put(hash, delivery, options.MaximumDeliveries);
            return (delivery, true);
        }
    }

    private async Task<bool> TakeAsync(Hash hash, Delivery delivery, Func<Task<bool>> take)
    {
        var isTaken = false;
        try
        {
            isTaken = await take();
            return isTaken;
        }
        finally
        {
            if (!isTaken)
            {
                lock (_lock)
                {
                    if (_known.TryFind(hash, out var known) && known == delivery) _known.Remove(hash);
                }
            }

            delivery.Taken.SetResult(isTaken);
        }
    }

    private sealed class Delivery(long since)
    {
        public long Since => since;

        public TaskCompletionSource<bool> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private readonly record struct Hash(ulong High, ulong Low);
}
