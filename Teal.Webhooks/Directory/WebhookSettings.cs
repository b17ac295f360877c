using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingObjects;
using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Webhooks.Directory;

/// <summary>The settings of <see cref="WebhookOptions"/>, under <c>Teal:Webhooks</c>.</summary>
public static class WebhookSettings
{
    private static readonly SettingMember[] Members =
    [
        new(WebhookReader.Path, "what stands behind /hook/ in its address", "github-5fKx0vTq"),
        new(WebhookReader.Provider, "who sends, as docs/webhooks.md names them", "github"),
        new(WebhookReader.Secrets, "the provider's secrets; each counts", "a long random text") { IsList = true },
        new(WebhookReader.SecretFile, "a file with a secret in each line, or PEM texts", "/run/secrets/github"),
        new(WebhookReader.VerifyToken, "what the provider says when it asks whether the address is ours", "a long random text"),
        new(WebhookReader.Team, "whose it is; by default that of `anonymous`", "shop"),
        new(WebhookReader.Tolerance, "how far the time of a signature may be away from now", "5 min"),
        new(WebhookReader.Enforce, "whether only what is signed comes in", "false", SettingForm.TrueOrFalse),
        new(WebhookReader.Subpaths, "whether further segments may stand behind its address", "true", SettingForm.TrueOrFalse),
        new(WebhookReader.Methods, "the methods that are taken", "POST") { IsList = true },
        new(WebhookReader.Enabled, "whether anything is taken", "false", SettingForm.TrueOrFalse),
        new(WebhookReader.Scheme, "how it is signed, where that is no provider's that Teal knows", "Header=X-Signature") { IsMap = true },
    ];

    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<WebhookOptions>> All =
    [
        new("Webhooks", "github:Provider=github",
            "webhooks beside those that are managed while Teal runs, by their names; docs/webhooks.md has their members",
            Objects<WebhookOptions>(Members, Apply)) { IsMap = true, IsSecret = true, IsLive = true },
        new("Webhooks:MaximumPerTeam", "100", "how many webhooks a team may have beside those of the settings; further ones are refused",
            Count<WebhookOptions>(0, 100_000, o => o.MaximumPerTeam, (o, v) => o.MaximumPerTeam = v)) { IsLive = true },
        new("Webhooks:Maximum", "10000", "how many there may be in all beside those of the settings; further ones are refused",
            Count<WebhookOptions>(0, 1_000_000, o => o.Maximum, (o, v) => o.Maximum = v)) { IsLive = true },
        new("Webhooks:MaximumCached", "10000", "how many of them are remembered for a second, and counted by the minute",
            Count<WebhookOptions>(1, 10_000_000, o => o.MaximumCached, (o, v) => o.MaximumCached = v)) { IsLive = true },
        new("Webhooks:MaximumPerMinute", "6000", "how many events a webhook takes within a minute, in each process; further ones get a 429",
            Count<WebhookOptions>(1, int.MaxValue, o => o.MaximumPerMinute, (o, v) => o.MaximumPerMinute = v)) { IsLive = true },
        new("Webhooks:MaximumPerMinuteOfTeam", "30000", "the same for all webhooks of a team together",
            Count<WebhookOptions>(1, int.MaxValue, o => o.MaximumPerMinuteOfTeam, (o, v) => o.MaximumPerMinuteOfTeam = v))
        {
            IsLive = true,
        },
        new("Webhooks:DeliveryMemory", "10 min", "how long a signed delivery is remembered; the same one is no second event then",
            Duration<WebhookOptions>(TimeSpan.Zero, Day, o => o.DeliveryMemory, (o, v) => o.DeliveryMemory = v)) { IsLive = true },
        new("Webhooks:MaximumDeliveries", "100000", "how many of them are remembered; then the oldest are forgotten",
            Count<WebhookOptions>(1, 10_000_000, o => o.MaximumDeliveries, (o, v) => o.MaximumDeliveries = v)) { IsLive = true },
    ];

    private static IEnumerable<SettingFault> Apply(WebhookOptions options, IReadOnlyList<SettingObject> objects)
    {
        var webhooks = new List<OpenWebhook>();
        foreach (var one in objects)
        {
            var fault = WebhookReader.Read(one, out var webhook);
            if (fault is null && webhooks.Exists(other => other.Webhook.Address == webhook!.Webhook.Address))
                fault = new SettingFault(WebhookReader.Path, "is that of another webhook", "");
            if (fault is null) webhooks.Add(webhook!);
            else yield return fault with { Path = fault.Path.Length == 0 ? one.Name : $"{one.Name}:{fault.Path}" };
        }

        options.Webhooks = webhooks;
    }
}
