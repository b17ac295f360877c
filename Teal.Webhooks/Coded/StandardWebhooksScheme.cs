using Teal.Webhooks.Hmac;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Coded;

/// <summary>
/// Standard Webhooks, with HMAC (<c>v1</c>, secrets <c>whsec_…</c>) or Ed25519 (<c>v1a</c>, public keys <c>whpk_…</c>). Svix has its
/// own names for the headers, and sends either.
/// </summary>
internal sealed class StandardWebhooksScheme(string name) : WebhookScheme
{
    private const string PublicKeyPrefix = "whpk_";

    private static readonly HmacForm[] Forms = [FormOf("webhook-"), FormOf("svix-")];

    public override string Name => name;

    public override string SecretMeaning => "base64, as the provider shows it: whsec_… or whpk_…";

    protected override WebhookVerifier? Create(SchemeWish wish) =>
        ReadAll(wish.Secrets, ReadKey) is { } keys ? new Verifier(keys, wish.Tolerance ?? Forms[0].Tolerance) : null;

    private static HmacForm FormOf(string prefix) => new()
    {
        Header = prefix + "signature",
        Grammar = SignatureGrammar.Versions,
        Template = SignedTemplate.Parse($"{{header:{prefix}id}}.{{header:{prefix}timestamp}}.{{body}}"),
        Encoding = SignatureEncoding.Base64,
        Secret = SecretEncoding.Base64,
        Time = new TimeSource(prefix + "timestamp"),
        DeliveryId = prefix + "id",
    };

    private static StandardKey? ReadKey(string secret)
    {
        if (!secret.StartsWith(PublicKeyPrefix, StringComparison.Ordinal))
            return HmacKey.Read(secret, SecretEncoding.Base64) is { } key ? new StandardKey(key, null) : null;

        return HmacKey.Read(secret[PublicKeyPrefix.Length..], SecretEncoding.Base64) is { } bytes && Ed25519Key.Read(bytes) is { } publicKey
            ? new StandardKey(null, publicKey) : null;
    }

    /// <summary>The key that a secret is: one of the two.</summary>
    private sealed record StandardKey(byte[]? Hmac, Ed25519Key? Ed25519);

    private sealed class Verifier(StandardKey[] keys, TimeSpan tolerance) : WebhookVerifier
    {
        // By the names of the headers; null where there are public keys alone.
        private readonly (HmacForm Form, HmacVerifier?[] ByKey)[] _families =
            [.. Forms.Select(form => (form, Make(form, keys, tolerance)))];

        public override Verdict Verify(WebhookRequest request, DateTimeOffset now)
        {
            var (form, byKey) = FamilyOf(request);
            Verdict verdict = VerdictReason.Wrong;
            for (var i = 0; i < keys.Length; i++)
            {
                verdict = byKey[i] is { } hmac ? hmac.Verify(request, now) : VerifyPublic(keys[i].Ed25519!, request, form, now);
                if (verdict.IsVerified) return new Verdict(VerdictReason.Verified, i);
            }

            return verdict;
        }

        public override string? DeliveryIdOf(WebhookRequest request) => request.Header(FamilyOf(request).Form.DeliveryId!);

        public override IReadOnlyList<KeyValuePair<string, string>>? Sign(WebhookRequest request, DateTimeOffset now) =>
            Array.Find(_families[0].ByKey, static one => one is not null)?.Sign(request, now);

        private static HmacVerifier?[] Make(HmacForm form, StandardKey[] keys, TimeSpan tolerance) =>
            [.. keys.Select(key => key.Hmac is { } hmac ? new HmacVerifier(form, [hmac], tolerance, null) : null)];

        // Both at once would let one be checked and the other be read.
        private (HmacForm Form, HmacVerifier?[] ByKey) FamilyOf(WebhookRequest request) =>
            _families[request.HeadersOf(Forms[0].Header).Any() ? 0 : 1];

        private Verdict VerifyPublic(Ed25519Key key, WebhookRequest request, HmacForm form, DateTimeOffset now)
        {
            if (request.Header(form.Header) is not { } header || request.Header(form.DeliveryId!) is not { } id
                || request.Header(form.Time!.Name) is not { } time)
                return VerdictReason.Missing;
            if (form.Time.Read(time) is not { } instant) return VerdictReason.Malformed;
            if ((instant - now).Duration() > tolerance) return VerdictReason.Stale;

            var signed = SignedText.Join($"{id}.{time}.", request.Body.Span);
            var signature = new byte[64];
            foreach (var version in header.Split(' ', 8))
            {
                if (version.Length == 92 && version.StartsWith("v1a,", StringComparison.Ordinal)
                    && Convert.TryFromBase64String(version[4..], signature, out var length) && length == signature.Length
                    && Convert.ToBase64String(signature) == version[4..] && key.HasSigned(signed, signature))
                    return VerdictReason.Verified;
            }

            return VerdictReason.Wrong;
        }
    }
}
