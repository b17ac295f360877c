using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Teal.Webhooks.Bodies;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Coded;

/// <summary>
/// Amazon SNS: the body brings an RSA signature over members of its own. The certificates are given: the address that the body names is
/// never asked, and neither is that which confirms a subscription, which arrives as an event.
/// </summary>
internal sealed class SnsScheme : WebhookScheme
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    public override string Name => "sns";

    public override string SecretMeaning => "Amazon's signing certificate, PEM (-----BEGIN CERTIFICATE-----)";

    protected override WebhookVerifier? Create(SchemeWish wish) =>
        ReadAll(wish.Secrets, Read) is { } keys ? new Verifier(keys, wish.Tolerance ?? Tolerance) : null;

    private static RSA? Read(string pem)
    {
        try
        {
            if (pem.Contains("PUBLIC KEY", StringComparison.Ordinal))
            {
                var key = RSA.Create();
                key.ImportFromPem(pem);
                return key;
            }

            using var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.GetRSAPublicKey();
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            // Another kind of key, or none.
            return null;
        }
    }

    private sealed class Verifier(RSA[] keys, TimeSpan tolerance) : WebhookVerifier
    {
        // The rest is left out where it is missing.
        private static readonly string[] Notification = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
        private static readonly string[] Confirmation = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

        public override Verdict Verify(WebhookRequest request, DateTimeOffset now)
        {
            if (JsonBody.Read(request.Body) is not { } body || JsonBody.Text(body, "Signature") is not { } text
                || JsonBody.Text(body, "Timestamp") is not { } time || JsonBody.Text(body, "Type") is not { } type)
                return VerdictReason.Missing;

            var signature = new byte[(text.Length * 3 / 4) + 3];
            var algorithm = JsonBody.Text(body, "SignatureVersion") switch
            {
                "1" => HashAlgorithmName.SHA1,
                "2" => HashAlgorithmName.SHA256,
                _ => default,
            };
            if (algorithm == default || !Convert.TryFromBase64String(text, signature, out var length)
                || new Hmac.TimeSource("", Hmac.TimeForm.Iso).Read(time) is not { } instant)
                return VerdictReason.Malformed;

            var signed = Compose(body, type == "Notification" ? Notification : Confirmation);
            var verdict = Verdict.OfSecrets(
                keys, key => key.VerifyData(signed, signature.AsSpan(0, length), algorithm, RSASignaturePadding.Pkcs1));
            return verdict.IsVerified && (instant - now).Duration() > tolerance ? VerdictReason.Stale : verdict;
        }

        public override string? DeliveryIdOf(WebhookRequest request) => request.Header("x-amz-sns-message-id");

        private static byte[] Compose(JsonElement body, string[] names)
        {
            var text = new StringBuilder();
            foreach (var name in names)
            {
                if (JsonBody.Text(body, name) is { } value) text.Append(name).Append('\n').Append(value).Append('\n');
            }

            return Encoding.UTF8.GetBytes(text.ToString());
        }
    }
}
