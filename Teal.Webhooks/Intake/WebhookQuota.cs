using Teal.Core.Bounds;
using Teal.Core.Configuration;
using Teal.Webhooks.Directory;

namespace Teal.Webhooks.Intake;

/// <summary>
/// How many events webhooks and their teams take within a minute (specification 9.2), in this process. Any thread may call it; a question
/// costs the same, however many webhooks there are.
/// </summary>
public sealed class WebhookQuota(Live<WebhookOptions> live, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly AgeTable<string, Count> _webhooks = new();
    private readonly AgeTable<string, Count> _teams = new();

    /// <summary>Counts an event; false: there were as many as there may be.</summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="retryAfter">How long to wait then.</param>
    public bool TryTake(Webhook webhook, out TimeSpan retryAfter)
    {
        var options = live.Now;
        lock (_lock)
        {
            var (ofWebhook, ofTeam) = (Find(_webhooks, webhook.Key, options), Find(_teams, webhook.Team, options));
            retryAfter = TimeSpan.Zero;
            if (ofWebhook.Events >= options.MaximumPerMinute) retryAfter = Window - clock.GetElapsedTime(ofWebhook.Since);
            else if (ofTeam.Events >= options.MaximumPerMinuteOfTeam) retryAfter = Window - clock.GetElapsedTime(ofTeam.Since);
            if (retryAfter > TimeSpan.Zero) return false;

            ofWebhook.Events++;
            ofTeam.Events++;
            return true;
        }
    }

    // A webhook whose count is forgotten begins anew: the table is as large as all that may be remembered.
    private Count Find(AgeTable<string, Count> table, string key, WebhookOptions options)
    {
        if (table.TryFind(key, out var count) && clock.GetElapsedTime(count.Since) < Window) return count;

        count = new Count { Since = clock.GetTimestamp() };
        table.Put(key, count, options.MaximumCached);
        return count;
    }

    private sealed class Count
    {
        public long Since { get; init; }

        public int Events { get; set; }
    }
}
