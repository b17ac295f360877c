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

    protected override WebhookVerifier Create(SchemeWish wish) =>
        new Verifier(header, deliveryId, [.. wish.Secrets.Select(Encoding.UTF8.GetBytes)]);

    private sealed class Verifier(string header, string? deliveryId, byte[][] secrets) : WebhookVerifier
    {
        public override Verdict Verify(WebhookRequest request, DateTimeOffset now)
        {
            if (request.Header(header) is not { } given)
                return request.HeadersOf(header).Any() ? VerdictReason.Malformed : VerdictReason.Missing;

            var bytes = Encoding.Latin1.GetBytes(given);
            return Verdict.OfSecrets(secrets, secret => CryptographicOperations.FixedTimeEquals(bytes, secret));
        }

        public override string? DeliveryIdOf(WebhookRequest request) => deliveryId is null ? null : request.Header(deliveryId);

        public override IReadOnlyList<KeyValuePair<string, string>> Sign(WebhookRequest request, DateTimeOffset now) =>
            [new(header, Encoding.Latin1.GetString(secrets[0]))];
    }
}
