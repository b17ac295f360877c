using System.Collections.Frozen;
using Teal.Webhooks.Coded;
using Teal.Webhooks.Questions;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Catalogue;

/// <summary>All schemes that Teal brings, by their names.</summary>
public static class WebhookSchemes
{
    /// <summary>The scheme of providers that sign nothing.</summary>
    public const string None = "none";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<WebhookScheme> All =
    [
        new NoScheme(None), .. HmacPresets.All,
        new StandardWebhooksScheme("standard-webhooks"), new StandardWebhooksScheme("svix"), new StandardWebhooksScheme("gitlab"),
        new TokenScheme("gitlab-token", "X-Gitlab-Token", "X-Gitlab-Event-UUID"),
        new TwilioScheme(), new AdyenScheme(), new DiscordScheme(), new TrueLayerScheme(), new SnsScheme(), new MicrosoftGraphScheme(),
        new NoScheme("event-grid", new EventGridQuestion()),
    ];

    private static readonly FrozenDictionary<string, WebhookScheme> ByName = All.ToFrozenDictionary(static scheme => scheme.Name);

    /// <summary>The scheme of that name; null: there is none.</summary>
    public static WebhookScheme? Find(string name) => ByName.GetValueOrDefault(name);
}
