using System.Security.Cryptography;
using System.Text;
using Teal.Webhooks.Bodies;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Coded;

/// <summary>
/// Twilio: HMAC-SHA1 over the whole address and, of a form, its fields by their names; of another body the address has the SHA-256
/// (<c>bodySHA256</c>).
/// </summary>
internal sealed class TwilioScheme : WebhookScheme
{
    private const string Header = "X-Twilio-Signature", BodyHash = "bodySHA256", Form = "application/x-www-form-urlencoded";

    public override string Name => "twilio";

    public override string SecretMeaning => "the account's auth token";

    protected override WebhookVerifier Create(SchemeWish wish) => new Verifier([.. wish.Secrets.Select(Encoding.UTF8.GetBytes)]);

    private sealed class Verifier(byte[][] keys) : WebhookVerifier
    {
        public override Verdict Verify(WebhookRequest request, DateTimeOffset now)
        {
            if (request.Header(Header) is not { } given)
                return request.HeadersOf(Header).Any() ? VerdictReason.Malformed : VerdictReason.Missing;

            var (bytes, texts) = (Encoding.Latin1.GetBytes(given), SignedTexts(request));
            var verdict = Verdict.OfSecrets(keys, key => IsOneOf(bytes, texts.Select(text => Compute(key, text))));
            return verdict.IsVerified && !HasItsBody(request) ? VerdictReason.Wrong : verdict;
        }

        public override string? DeliveryIdOf(WebhookRequest request) => request.Header("I-Twilio-Idempotency-Token");

        public override IReadOnlyList<KeyValuePair<string, string>>? Sign(WebhookRequest request, DateTimeOffset now) =>
            HasItsBody(request)
                ? [new(Header, Convert.ToBase64String(Compute(keys[0], SignedTexts(request)[0])))] : null;

        private static bool IsOneOf(byte[] given, IEnumerable<byte[]> signatures)
        {
            var isOne = false;
            foreach (var signature in signatures)
                isOne |= CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(Convert.ToBase64String(signature)));
            return isOne;
        }

        private static byte[] Compute(byte[] key, byte[] signed) => CryptographicOperations.HmacData(HashAlgorithmName.SHA1, key, signed);

        // Twilio signs addresses with and without the scheme's own port, whichever product sends.
        private static List<byte[]> SignedTexts(WebhookRequest request)
        {
            var fields = new StringBuilder();
            if (IsForm(request))
            {
                var sorted = FormText.Read(request.Body).Distinct()
                    .OrderBy(static field => field.Key, StringComparer.Ordinal).ThenBy(static field => field.Value, StringComparer.Ordinal);
                foreach (var (name, value) in sorted) fields.Append(name).Append(value);
            }

            return [.. UrlsOf(request.Url).Select(url => Encoding.UTF8.GetBytes(url + fields))];
        }

        private static IEnumerable<string> UrlsOf(string url)
        {
            yield return url;

            var (scheme, port) = url.StartsWith("https://", StringComparison.Ordinal) ? (8, ":443") : (7, ":80");
            var end = url.IndexOf('/', Math.Min(scheme, url.Length)) is var at and >= 0 ? at : url.Length;
            if (end <= scheme) yield break;

            var host = url[scheme..end];
            if (host.EndsWith(port, StringComparison.Ordinal)) yield return url[..(end - port.Length)] + url[end..];
            else if (!host.Contains(':', StringComparison.Ordinal)) yield return url[..end] + port + url[end..];
        }

        // The fields of a form are signed themselves; of all else, the hash in the address.
        private static bool HasItsBody(WebhookRequest request)
        {
            if (FormText.Find(FormText.Read(request.Query), BodyHash) is not { } hash) return IsForm(request) || request.Body.IsEmpty;

            return CryptographicOperations.FixedTimeEquals(
                Encoding.Latin1.GetBytes(hash), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(request.Body.Span))));
        }

        private static bool IsForm(WebhookRequest request) =>
            request.Header("Content-Type") is { } type && type.Split(';')[0].Trim(' ').Equals(Form, StringComparison.OrdinalIgnoreCase);
    }
}
