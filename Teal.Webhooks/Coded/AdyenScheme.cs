using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Teal.Webhooks.Bodies;
using Teal.Webhooks.Hmac;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Coded;

/// <summary>
/// Adyen's standard webhooks: each item of the body brings a signature over eight of its members. All items have to be right.
/// </summary>
internal sealed class AdyenScheme : WebhookScheme
{
    public override string Name => "adyen";

    public override string SecretMeaning => "the HMAC key, hexadecimal digits";

    protected override WebhookVerifier? Create(SchemeWish wish) =>
        ReadAll(wish.Secrets, static secret => HmacKey.Read(secret, SecretEncoding.Hex)) is { } keys ? new Verifier(keys) : null;

    private sealed class Verifier(byte[][] keys) : WebhookVerifier
    {
        // A request has one item, and by agreement some more.
        private const int MostItems = 100;

        public override SchemeAnswer Accepted { get; } = new(200, "[accepted]");

        public override Verdict Verify(WebhookRequest request, DateTimeOffset now) => JsonBody.Read(request.Body) is { } body
            ? Verdict.OfItems(JsonBody.List(body, "notificationItems"), MostItems, Verify) : VerdictReason.Missing;

        private Verdict Verify(JsonElement item)
        {
            if (JsonBody.Part(item, "NotificationRequestItem") is not { } members
                || JsonBody.Part(members, "additionalData") is not { } data || JsonBody.Text(data, "hmacSignature") is not { } given
                || Sign(members) is not { } signed)
                return VerdictReason.Missing;

            var bytes = Encoding.UTF8.GetBytes(given);
            return Verdict.OfSecrets(keys, key => CryptographicOperations.FixedTimeEquals(
                bytes, Encoding.ASCII.GetBytes(Convert.ToBase64String(HMACSHA256.HashData(key, signed)))));
        }

        private static byte[]? Sign(JsonElement item)
        {
            if (JsonBody.Part(item, "amount") is not { } amount || !amount.TryGetProperty("value", out var value)
                || value.ValueKind != JsonValueKind.Number)
                return null;

            string?[] parts =
            [
                JsonBody.Text(item, "pspReference"), JsonBody.Text(item, "originalReference"), JsonBody.Text(item, "merchantAccountCode"),
                JsonBody.Text(item, "merchantReference"), value.GetRawText(), JsonBody.Text(amount, "currency"),
                JsonBody.Text(item, "eventCode"), JsonBody.Text(item, "success"),
            ];
            return Encoding.UTF8.GetBytes(string.Join(':', parts.Select(Escape)));
        }

        private static string Escape(string? text) =>
            text?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal) ?? "";
    }
}
