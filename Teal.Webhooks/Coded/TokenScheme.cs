using System.Security.Cryptography;
using System.Text;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Coded;

/// <summary>A header that is the secret itself: whoever reads one request can send others.</summary>
/// <param name="name">The scheme's name.</param>
/// <param name="header">The header.</param>
/// <param name="deliveryId">The header that numbers deliveries; null: there is none.</param>
internal sealed class TokenScheme(string name, string header, string? deliveryId) : WebhookScheme
{
    public override string Name => name;

    protected override WebhookVerifier? Create(SchemeWish wish, out string? fault)
    {
        fault = null;
        return new Verifier(header, deliveryId, [.. wish.Secrets.Select(Encoding.UTF8.GetBytes)]);
    }

    private sealed class Verifier(string header, string? deliveryId, byte[][] secrets) : WebhookVerifier
    {
        public override Verdict Verify(WebhookRequest request, DateTimeOffset now)
        {
            if (request.Header(header) is not { } given)
                return request.HeadersOf(header).Any() ? VerdictReason.Malformed : VerdictReason.Missing;

            var (bytes, verdict) = (Encoding.Latin1.GetBytes(given), new Verdict(VerdictReason.Wrong));
            for (var i = 0; i < secrets.Length; i++)
            {
                if (CryptographicOperations.FixedTimeEquals(bytes, secrets[i]) && !verdict.IsVerified)
                    verdict = new Verdict(VerdictReason.Verified, i);
            }

            return verdict;
        }

        public override string? DeliveryIdOf(WebhookRequest request) => deliveryId is null ? null : request.Header(deliveryId);

        public override IReadOnlyList<KeyValuePair<string, string>> Sign(WebhookRequest request, DateTimeOffset now) =>
            [new(header, Encoding.Latin1.GetString(secrets[0]))];
    }
}
