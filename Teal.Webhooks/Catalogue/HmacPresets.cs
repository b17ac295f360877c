using Teal.Webhooks.Hmac;
using Teal.Webhooks.Questions;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Catalogue;

/// <summary>How providers sign that sign by HMAC, as they document it. Each is data: another one is some lines here.</summary>
internal static class HmacPresets
{
    private static readonly SchemeAnswer Ok = new(200);

    public static readonly IReadOnlyList<WebhookScheme> All =
    [
        Github("github", "X-Hub-Signature-256", "X-GitHub-Delivery"),
        new HmacScheme("gitea", new HmacForm { Header = "X-Gitea-Signature", DeliveryId = "X-Gitea-Delivery" }),
        new HmacScheme("forgejo", new HmacForm { Header = "X-Forgejo-Signature", DeliveryId = "X-Forgejo-Delivery" }),
        Github("bitbucket", "X-Hub-Signature", "X-Request-UUID"),
        Github("jira", "X-Hub-Signature", "X-Atlassian-Webhook-Identifier"),
        Stripe("stripe", "Stripe-Signature"),
        new HmacScheme("slack", new HmacForm
        {
            Header = "X-Slack-Signature",
            Prefix = "v0=",
            Template = SignedTemplate.Parse("v0:{header:X-Slack-Request-Timestamp}:{body}"),
            Time = new TimeSource("X-Slack-Request-Timestamp"),
            Accepted = Ok,
        }, new SlackQuestion()),
        new HmacScheme("shopify", new HmacForm
        {
            Header = "X-Shopify-Hmac-Sha256",
            Encoding = SignatureEncoding.Base64,
            DeliveryId = "X-Shopify-Webhook-Id",
            Accepted = Ok,
        }),
        new HmacScheme("paddle", new HmacForm
        {
            Header = "Paddle-Signature",
            Grammar = SignatureGrammar.Members,
            SignatureMember = "h1",
            Separator = ';',
            Template = SignedTemplate.Parse("{time}:{body}"),
            Time = new TimeSource("ts"),
            Accepted = Ok,
        }),
        Stripe("tink", "X-Tink-Signature"),
        new HmacScheme("mollie", new HmacForm
        {
            Header = "X-Mollie-Signature",
            Prefix = "sha256=",
            IsRepeatable = true,
            Accepted = Ok,
        }),
        new HmacScheme("gocardless", new HmacForm { Header = "Webhook-Signature" }),
        new HmacScheme("linear", new HmacForm
        {
            Header = "Linear-Signature",
            Time = new TimeSource("webhookTimestamp", TimeForm.Milliseconds) { IsInBody = true },
            Tolerance = TimeSpan.FromMinutes(1),
            DeliveryId = "Linear-Delivery",
            Accepted = Ok,
        }),
        new HmacScheme("twitch", new HmacForm
        {
            Header = "Twitch-Eventsub-Message-Signature",
            Prefix = "sha256=",
            Template = SignedTemplate.Parse("{header:Twitch-Eventsub-Message-Id}{header:Twitch-Eventsub-Message-Timestamp}{body}"),
            Time = new TimeSource("Twitch-Eventsub-Message-Timestamp", TimeForm.Iso),
            Tolerance = TimeSpan.FromMinutes(10),
            DeliveryId = "Twitch-Eventsub-Message-Id",
        }, new TwitchQuestion()),
        new HmacScheme("zoom", new HmacForm
        {
            Header = "x-zm-signature",
            Prefix = "v0=",
            Template = SignedTemplate.Parse("v0:{header:x-zm-request-timestamp}:{body}"),
            Time = new TimeSource("x-zm-request-timestamp"),
            Accepted = Ok,
        }, new ZoomQuestion()),
        new HmacScheme("meta", new HmacForm { Header = "X-Hub-Signature-256", Prefix = "sha256=", Accepted = Ok }, new MetaQuestion()),
        new HmacScheme("powens", new HmacForm
        {
            Header = "BI-Signature",
            Template = SignedTemplate.Parse("{method}.{path}.{header:BI-Signature-Date}.{body}"),
            Encoding = SignatureEncoding.Base64,
        }),
    ];

    private static HmacScheme Github(string name, string header, string deliveryId) =>
        new(name, new HmacForm { Header = header, Prefix = "sha256=", DeliveryId = deliveryId });

    private static HmacScheme Stripe(string name, string header) => new(name, new HmacForm
    {
        Header = header,
        Grammar = SignatureGrammar.Members,
        Template = SignedTemplate.Parse("{time}.{body}"),
        Time = new TimeSource("t"),
    });
}
