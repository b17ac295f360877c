using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Core.Wire;

namespace Teal.Tests.Support;

/// <summary>Events of each kind, in all the shapes that it has.</summary>
internal static class EventSamples
{
    private static readonly PowensHmacSignature Signature = new("s", "p", "2023-08-18T23:51:41+02:00");

    private static readonly Dictionary<EventKind, Func<DateTime, TealEvent[]>> Makers = new()
    {
        [EventKinds.Callback] = static at =>
        [
            new CallbackEvent(at, "http://x/callback?state=%C3%A9&a=<b>'\"\\", "é😀\0"),
            new CallbackEvent(at, "http://x/callback?state=posted", "posted", IsPosted: true),
        ],
        [EventKinds.OpenIdCibaCallback] = static at =>
        [
            new OpenIdCibaEvent(at, "ping", "t", null, null),
            new OpenIdCibaEvent(at, "push", "t", new CibaPushToken("a", "b", "c", at, "d"), null),
            new OpenIdCibaEvent(at, "least", "t", new CibaPushToken("a", "b", null, null, null), null),
            new OpenIdCibaEvent(at, "error", "t", null, new CibaPushError("e", null)),
        ],
        [EventKinds.PowensDomain] = static at =>
        [
            new PowensWebhookEvent(at, "budgea.biapi.pro", "EV", Signature, null, Utf8Text.From("{\"é\": \n1}")),
            new PowensWebhookEvent(at, "token.biapi.pro", "EV", null, "token", Utf8Text.From("")),
        ],
        [EventKinds.Webhook] = static at =>
        [
            new WebhookEvent(
                at, "shop/github", "72d3162e", "POST", "/hook/x/é?a=%2B", [new("Host", "h"), new("X-A", "1"), new("x-a", "\u00e4\"")],
                "{\"é\": \n1}\0"u8.ToArray(), new WebhookSignature("github", 1)),
            new WebhookEvent(at, "shop/bytes", null, "PUT", "/hook/y", [], new byte[] { 0xff, 0, 0xc3 }, null),
            new WebhookEvent(at, "shop/nothing", null, "PATCH", "/hook/z", [new("A", "")], default, null),
        ],
        [MessageKind.Instance] = static at => [new MessageEvent(at, "orders.42", Utf8Text.From("{\"é\": \n2}"))],
    };

    /// <summary>Those of a kind, which arrived at that instant, each of a topic of its own.</summary>
    public static TealEvent[] Of(EventKind kind, DateTime at) => Makers[kind](at);
}
