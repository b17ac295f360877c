using System.Text;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Tests.Webhooks;

/// <summary>What providers, and their own libraries, publish as rightly signed.</summary>
public sealed class SchemeVectorTests
{
    private const string Slack =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&" +
        "user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2F" +
        "commands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&" +
        "trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    private static readonly string GoCardless = """
        {"events":[{"id":"EV00BD05S5VM2T","created_at":"2018-07-05T09:13:51.404Z","resource_type":"subscriptions",
        "action":"created","links":{"subscription":"SB0003JJQ2MR06"},"details":{"origin":"api",
        "cause":"subscription_created","description":"Subscription created via the API."},"metadata":{}},
        {"id":"EV00BD05TB8K63","created_at":"2018-07-05T09:13:56.893Z","resource_type":"mandates","action":"created",
        "links":{"mandate":"MD000AMA19XGEC"},"details":{"origin":"api","cause":"mandate_created",
        "description":"Mandate created via the API."},"metadata":{}}]}
        """.ReplaceLineEndings("");

    private static readonly string Adyen = """
        {"live":"false","notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":
        "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="},"amount":{"value":1130,"currency":"EUR"},
        "pspReference":"7914073381342284","eventCode":"AUTHORISATION","merchantAccountCode":"TestMerchant",
        "merchantReference":"TestPayment-1407325143704","success":"true"}}]}
        """.ReplaceLineEndings("");

    private const string TrueLayerKey = """
        -----BEGIN PUBLIC KEY-----
        MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAoLuW4nFqoUuR8d7FVsUoI62libYd
        QlWGtLStnqdudLY92bQ0ra5eZAbkunrGTR9+w9mr4o2Etyb6pC7YB2+23WMBfVyO
        QYyKW2KQ+uRfj2rC4kN1wRNpOyP6TIU/yOwX1blcAHdni0GJC1zvYNCclh4rIBX9
        PqplO0UoWv5OniK76Ps=
        -----END PUBLIC KEY-----
        """;

    private const string TrueLayer =
        "eyJhbGciOiJFUzUxMiIsImtpZCI6IjQ1ZmM3NWNmLTU2NDktNDEzNC04NGIzLTE5MmMyYzc4ZTk5MCIsInRsX3ZlcnNpb24iOiIyIiwidGxfaGVhZGVycyI6Il" +
        "gtVGwtV2ViaG9vay1UaW1lc3RhbXAsQ29udGVudC1UeXBlIiwiamt1IjoiaHR0cHM6Ly93ZWJob29rcy50cnVlbGF5ZXIuY29tLy53ZWxsLWtub3duL2p3a3Mi" +
        "fQ..AB9S1dzZTmw0tofUjJNGO7Kt_jZsahPyIrBTdhfxBWOI3KoLALkMy6ka1MjpZQx06_hQUJnanu9K_LS6V9lNaNGiAX5Cos5RWQfbeBCZWqAvIpXO3FvIzy" +
        "JKRaTYK8FBG4lfJYPi76_pIkCLGKWeq8__7ElpMVRcLTM5IBKWL8isVZn_";

    /// <summary>The vectors: scheme, secret, second of now, address, body and headers.</summary>
    public static readonly SchemeVector[] Vectors =
    [
        new("github", "It's a Secret to Everybody", 0, "Hello, World!",
            ["X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"]),
        new("meta", "It's a Secret to Everybody", 0, "Hello, World!",
            ["X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"]),
        new("bitbucket", "It's a Secret to Everybody", 0, "Hello World!",
            ["X-Hub-Signature: sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"]),
        new("jira", "It's a Secret to Everybody", 0, "Hello World!",
            ["X-Hub-Signature: sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"]),
        new("gitea", "It's a Secret to Everybody", 0, "Hello, World!",
            ["X-Gitea-Signature: 757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"]),
        new("forgejo", "It's a Secret to Everybody", 0, "Hello, World!",
            ["X-Forgejo-Signature: 757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"]),
        new("slack", "8f742231b10e8888abcd99yyyzzz85a5", 1531420618, Slack,
        [
            "X-Slack-Request-Timestamp: 1531420618",
            "X-Slack-Signature: v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        ]),
        new("standard-webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330, """{"test": 2432232314}""",
        [
            "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp: 1614265330",
            "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ]),
        new("svix", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330, """{"test": 2432232314}""",
        [
            "svix-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "svix-timestamp: 1614265330",
            "svix-signature: v1,bm9ldHUjKzFob2VudXRob2VodWUzMjRvdWVvdW9ldQo= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v2,x",
        ]),
        new("gitlab", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330, """{"test": 2432232314}""",
        [
            "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp: 1614265330",
            "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ]),
        new("twilio", "12345", 0, "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212",
            ["Content-Type: application/x-www-form-urlencoded", "X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8="],
            "https://mycompany.com/myapp.php?foo=1&bar=2"),
        new("adyen", "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056", 0, Adyen, []),
        new("tink", "top_secret_top_secret_top_secret", 1620198421,
            """{"context": {...}, "event": "...",  "content": {...}}""",
            ["X-Tink-Signature: t=1620198421,v1=3808bca389150582fd78bdb5e3dfcf46f99ff168d37d60cdc13da7c5e49abefb,v9=x"]),
        new("paddle", "pdl_ntf_01hbpjmytsa32fhr36nqgc3kgb_WvRO0eL4Bj9rgYYIBZY6wZhG4EHy9jzh", 1696195954, "hello-world",
            ["Paddle-Signature: ts=1696195954;h1=dummy;h1=d96299976a6eb066f484d7fde011ac56fc32b38fc9940bc419d6e537fdc6ef02"]),
        new("gocardless", "ED7D658C-D8EB-4941-948B-3973214F2D49", 0, GoCardless,
            ["Webhook-Signature: 2693754819d3e32d7e8fcb13c729631f316c6de8dc1cf634d6527f1c07276e7e"]),
        new("truelayer", TrueLayerKey, 0, """{"event_type":"example","event_id":"18b2842b-a57b-4887-a0a6-d3c7c36f1020"}""",
            ["Content-Type: application/json", "X-Tl-Webhook-Timestamp: 2021-11-29T11:42:55Z", $"Tl-Signature: {TrueLayer}"],
            "https://events.example.org/tl-webhook"),
    ];

    [TestCaseSource(nameof(Vectors))]
    public void Verify_WhatTheProviderPublishes_IsVerified(SchemeVector vector) =>
        vector.Verify(vector.Request).Should().Be(new Verdict(VerdictReason.Verified));

    [TestCaseSource(nameof(Vectors))]
    public void Verify_WithTheSecretBehindAnother_SaysWhich(SchemeVector vector)
    {
        if (vector.Scheme == "truelayer") return;

        var other = vector.Scheme is "adyen" ? "00" : vector.Scheme is "standard-webhooks" or "svix" or "gitlab" ? "whsec_AAAA" : "another";
        SchemeVector.Create(vector.Scheme, other, vector.Secret).Verify(vector.Request, vector.Now)
            .Should().Be(new Verdict(VerdictReason.Verified, 1));
    }

    [TestCaseSource(nameof(Vectors))]
    public void Verify_OneBitOfTheBodyFlipped_IsWrong(SchemeVector vector)
    {
        var body = Encoding.UTF8.GetBytes(vector.Body);
        for (var bit = 0; bit < body.Length * 8; bit += Math.Max(1, body.Length / 16))
        {
            var changed = body.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            var verdict = vector.Verify(vector.RequestWith(body: changed));

            // Of Adyen's body some members alone are signed, and white space is none of them.
            if (vector.Scheme != "adyen") verdict.IsVerified.Should().BeFalse("bit {0} is another", bit);
        }
    }

    [TestCaseSource(nameof(Vectors))]
    public void Verify_WithAnotherSecret_IsWrong(SchemeVector vector)
    {
        if (vector.Scheme == "truelayer") return;

        var other = vector.Scheme is "standard-webhooks" or "svix" or "gitlab" ? "whsec_AAAA" : "00";
        SchemeVector.Create(vector.Scheme, other).Verify(vector.Request, vector.Now).Reason.Should().Be(VerdictReason.Wrong);
    }

    [TestCaseSource(nameof(Vectors))]
    public void Verify_WithoutOneOfTheHeaders_IsNotVerified(SchemeVector vector)
    {
        for (var i = 0; i < vector.Headers.Length; i++)
        {
            var left = vector.Headers.Where((_, index) => index != i);
            vector.Verify(vector.RequestWith(headers: left)).IsVerified.Should().BeFalse(vector.Headers[i]);
        }
    }

    [TestCaseSource(nameof(Vectors))]
    public void Verify_WithAHeaderThatStandsTwice_IsNotVerified(SchemeVector vector)
    {
        foreach (var header in vector.Headers)
            vector.Verify(vector.RequestWith(headers: [.. vector.Headers, header])).IsVerified.Should().BeFalse(header);
    }

    [TestCaseSource(nameof(Vectors))]
    public void Verify_ASignatureInAnotherForm_IsNotVerified(SchemeVector vector)
    {
        // The signature is the last of each, and its last 16 characters are its own.
        if (vector.Headers.Length == 0) return;

        var header = vector.Headers[^1];
        var signature = vector.Scheme is "tink" or "svix" ? header[..^5] : header;
        var end = header[signature.Length..];
        var middle = signature[..^16];
        string[] forms =
        [
            $"{signature[..^1]}{end}", $"{signature}{signature[^1]}{end}", $"{signature}{signature[^16..]}{end}", $"{middle}{end}",
            $"{middle}{signature[^16..].ToUpperInvariant()}{end}", $"{middle}{signature[^16..].ToLowerInvariant()}{end}",
            $"{signature}={end}", $"{signature.TrimEnd('=')}{end}", $"{signature}\0{end}", $"{signature}é{end}",
            $"{signature.Replace('/', '_').Replace('+', '-')}{end}",
        ];
        foreach (var form in forms.Where(form => form != header))
            vector.Verify(vector.RequestWith(headers: [.. vector.Headers[..^1], form])).IsVerified.Should().BeFalse(form);
    }

    [TestCaseSource(nameof(Vectors))]
    public void Verify_LaterThanTheSchemeAllows_IsStale(SchemeVector vector)
    {
        if (vector.Second == 0) return;

        var verifier = SchemeVector.Create(vector.Scheme, vector.Secret);
        foreach (var minutes in new[] { -11, 11 })
        {
            verifier.Verify(vector.Request, vector.Now.AddMinutes(minutes)).Reason.Should().Be(VerdictReason.Stale);
        }

        verifier.Verify(vector.Request, vector.Now.AddMinutes(4)).IsVerified.Should().BeTrue();
        verifier.Verify(vector.Request, vector.Now.AddMinutes(-4)).IsVerified.Should().BeTrue();
    }
}
