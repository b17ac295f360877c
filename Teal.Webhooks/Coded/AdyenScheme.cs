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

    protected override WebhookVerifier? Create(SchemeWish wish, out string? fault)
    {
        fault = null;
        var keys = wish.Secrets.Select(static secret => HmacKey.Read(secret, SecretEncoding.Hex)).ToArray();
        return Array.Exists(keys, static key => key is null) ? null : new Verifier(keys!);
    }

    private sealed class Verifier(byte[][] keys) : WebhookVerifier
    {
        // A request has one item, and by agreement some more.
        private const int MostItems = 100;

        public override SchemeAnswer Accepted { get; } = new(200, "[accepted]");

        public override Verdict Verify(WebhookRequest request, DateTimeOffset now)
        {
            if (JsonBody.Read(request.Body) is not { } body) return VerdictReason.Missing;

            var items = JsonBody.List(body, "notificationItems");
            if (items.Count is 0 or > MostItems) return VerdictReason.Missing;

            Verdict? first = null;
            foreach (var item in items)
            {
                var verdict = Verify(item);
                if (!verdict.IsVerified) return verdict;
                first ??= verdict;
            }

            return first!.Value;
        }

        private Verdict Verify(JsonElement item)
        {
            if (JsonBody.Part(item, "NotificationRequestItem") is not { } members
                || JsonBody.Part(members, "additionalData") is not { } data || JsonBody.Text(data, "hmacSignature") is not { } given
                || Sign(members) is not { } signed)
                return VerdictReason.Missing;

            var (bytes, verdict) = (Encoding.UTF8.GetBytes(given), new Verdict(VerdictReason.Wrong));
            for (var i = 0; i < keys.Length; i++)
            {
                var expected = Encoding.ASCII.GetBytes(Convert.ToBase64String(HMACSHA256.HashData(keys[i], signed)));
                if (CryptographicOperations.FixedTimeEquals(bytes, expected) && !verdict.IsVerified)
                    verdict = new Verdict(VerdictReason.Verified, i);
            }

            return verdict;
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
