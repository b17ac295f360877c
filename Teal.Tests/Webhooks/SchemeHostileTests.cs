using System.Text;
using Teal.Webhooks.Catalogue;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Tests.Webhooks;

/// <summary>Whatever a stranger sends, a check says no, and never throws.</summary>
public sealed class SchemeHostileTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    // What is a header of some scheme, or nearly one; and what stands in them.
    private static readonly string[] Pieces =
    [
        "", " ", ",", ";", "=", ".", "v0=", "v1,", "v1a,", "t=1700000000", "ts=1700000000", "v1=", "h1=", "sha256=", "1700000000", "-1",
        "99999999999999999999", "2023-11-14T22:13:20Z", "9999-12-31T23:59:59Z", "é", "\0", "%00", "%ZZ", "\ud800", "AAAA", "====",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", "eyJhbGciOiJFUzUxMiJ9..AAAA", "..", "a.b.c", "null", "{}", "[]",
        "application/x-www-form-urlencoded", "application/json", "webhook_callback_verification", "SubscriptionValidation",
    ];

    private static readonly string[] Bodies =
    [
        "", "{", "[]", "{}", "null", "\"\\ud800\"", "{\"type\":0}", "{\"type\":1}", "{\"type\":1e400}", "{\"type\":\"url_verification\"}",
        "{\"event\":\"endpoint.url_validation\",\"payload\":{}}", "{\"value\":[{}]}", "{\"value\":[null,1]}", "{\"value\":{}}",
        "{\"notificationItems\":[{\"NotificationRequestItem\":{\"additionalData\":{\"hmacSignature\":\"\"},\"amount\":{\"value\":1}}}]}",
        "{\"Signature\":\"AAAA\",\"SignatureVersion\":\"1\",\"Timestamp\":\"2023-11-14T22:13:20Z\",\"Type\":\"Notification\"}",
        "{\"webhookTimestamp\":1700000000000}", "{\"a\":1,\"a\":2}", "[{\"data\":{\"validationCode\":1}}]", "a=b&a=c&%=%&=&&", "\0\u0001",
    ];

    private static readonly string[] Urls =
        ["https://e.example/hook/a", "", "?", "http://e:80?bodySHA256=0&validationToken=x", "/", "x://"];

    private static readonly string[] Headers =
    [
        "X-Hub-Signature-256", "X-Hub-Signature", "X-Gitea-Signature", "X-Forgejo-Signature", "Stripe-Signature", "X-Slack-Signature",
        "X-Slack-Request-Timestamp", "X-Shopify-Hmac-Sha256", "Paddle-Signature", "X-Tink-Signature", "X-Mollie-Signature",
        "Webhook-Signature", "Linear-Signature", "Twitch-Eventsub-Message-Signature", "Twitch-Eventsub-Message-Id",
        "Twitch-Eventsub-Message-Timestamp", "Twitch-Eventsub-Message-Type", "x-zm-signature", "x-zm-request-timestamp", "BI-Signature",
        "BI-Signature-Date", "webhook-id", "webhook-timestamp", "webhook-signature", "svix-id", "svix-timestamp", "svix-signature",
        "X-Gitlab-Token", "X-Twilio-Signature", "X-Signature-Ed25519", "X-Signature-Timestamp", "Tl-Signature", "Content-Type",
        "aeg-event-type", "WebHook-Request-Origin",
    ];

    private static readonly Dictionary<string, string> Secrets = new()
    {
        ["adyen"] = "00ff",
        ["discord"] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        ["truelayer"] = SchemeVectorTests.Vectors.Single(static vector => vector.Scheme == "truelayer").Secret,
        ["sns"] = """
            -----BEGIN PUBLIC KEY-----
            MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf
            9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==
            -----END PUBLIC KEY-----
            """,
    };

    // Their signatures end with time.
    private static readonly string[] Timed =
        ["stripe", "slack", "paddle", "tink", "linear", "twitch", "zoom", "standard-webhooks", "svix", "gitlab"];

    private static readonly string[] Names = [.. WebhookSchemes.All.Select(static scheme => scheme.Name)];

    [TestCaseSource(nameof(Names))]
    public void Verify_WhateverComes_IsNotVerifiedAndDoesNotThrow(string scheme)
    {
        var (random, verifier) = (new Random(20261201), Create(scheme));
        for (var i = 0; i < 20_000; i++)
        {
            var request = Draw(random);
            verifier.Verify(request, Now).IsVerified.Should().BeFalse();
            verifier.DeliveryIdOf(request);

            // Without a right signature the answers to questions that are signed stay untold.
            var answer = verifier.AnswerTo(request, isVerified: false);
            if (answer is not null) answer.Status.Should().BeOneOf(200, 400, 403);
            verifier.AnswerTo(request, isVerified: true);
        }
    }

    [TestCaseSource(nameof(Names))]
    public void TryCreate_OfAnySecret_SaysWhatIsWrongWithIt(string name)
    {
        var scheme = WebhookSchemes.Find(name)!;
        foreach (var secret in Pieces)
        {
            if (!scheme.TryCreate(new SchemeWish([secret]), out _, out var fault)) fault.Should().NotBeNullOrWhiteSpace();
        }

        scheme.TryCreate(new SchemeWish([]), out _, out var missing).Should().Be(scheme.SecretMeaning is null && !scheme.NeedsVerifyToken);
        if (scheme.SecretMeaning is { } meaning) missing.Should().Be($"{name} needs a secret: {meaning}");
    }

    [TestCaseSource(nameof(Names))]
    public void Sign_WhatTealSigns_IsVerified(string scheme)
    {
        var verifier = Create(scheme);
        var request = new WebhookRequest
        {
            Method = "POST",
            Url = "https://events.example.org/hook/abc?a=1",
            Headers = [new("Content-Type", scheme == "twilio" ? "application/x-www-form-urlencoded" : "application/json")],
            Body = Encoding.UTF8.GetBytes($$"""{"webhookTimestamp":{{Now.ToUnixTimeMilliseconds()}}}"""),
        };

        if (verifier.Sign(request, Now) is not { } headers)
        {
            scheme.Should().BeOneOf("none", "adyen", "discord", "truelayer", "sns", "microsoft-graph", "event-grid");
            return;
        }

        var signed = new WebhookRequest
        {
            Method = request.Method,
            Url = request.Url,
            Headers = [.. request.Headers, .. headers],
            Body = request.Body,
        };
        verifier.Verify(signed, Now).Should().Be(new Verdict(VerdictReason.Verified));
        verifier.Verify(signed, Now.AddHours(2)).Reason.Should().Be(
            Timed.Contains(scheme) ? VerdictReason.Stale : VerdictReason.Verified);
    }

    private static WebhookVerifier Create(string scheme)
    {
        string[] secrets = WebhookSchemes.Find(scheme)!.SecretMeaning is null ? []
            : [Secrets.GetValueOrDefault(scheme, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];
        return SchemeVector.Create(scheme, secrets);
    }

    private static WebhookRequest Draw(Random random)
    {
        string Piece() => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        return new WebhookRequest
        {
            Method = ((string[])["POST", "GET", "OPTIONS", "PUT", ""])[random.Next(5)],
            Url = Urls[random.Next(Urls.Length)] + Piece(),
            Headers =
            [
                .. Enumerable.Range(0, random.Next(12)).Select(
                    _ => KeyValuePair.Create(Headers[random.Next(Headers.Length)], Piece())),
            ],
            Body = Encoding.UTF8.GetBytes(Bodies[random.Next(Bodies.Length)] + (random.Next(4) == 0 ? Piece() : "")),
        };
    }
}
