using System.Buffers;
using System.Text.Json;
using Teal.Webhooks.Bodies;
using Teal.Webhooks.Hmac;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Coded;

/// <summary>
/// Discord's events and interactions: Ed25519 over the time and the body. It sends wrong signatures on purpose, and gives up an address
/// that does not answer them with 401.
/// </summary>
internal sealed class DiscordScheme : WebhookScheme
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");
    private static readonly TimeSource Time = new("X-Signature-Timestamp");

    public override string Name => "discord";

    public override string SecretMeaning => "the application's public key, 64 hexadecimal digits";

    protected override WebhookVerifier? Create(SchemeWish wish) =>
        ReadAll(wish.Secrets, Read) is { } keys ? new Verifier(keys, wish.Tolerance ?? Tolerance) : null;

    private static Ed25519Key? Read(string secret) =>
        HmacKey.Read(secret, SecretEncoding.Hex) is { } bytes ? Ed25519Key.Read(bytes) : null;

    private sealed class Verifier(Ed25519Key[] keys, TimeSpan tolerance) : WebhookVerifier
    {
        public override Verdict Verify(WebhookRequest request, DateTimeOffset now)
        {
            if (request.Header("X-Signature-Ed25519") is not { } text || request.Header(Time.Name) is not { } time)
                return VerdictReason.Missing;

            var signature = new byte[64];
            if (text.Length != 128 || text.AsSpan().ContainsAnyExcept(Digits)
                || Convert.FromHexString(text, signature, out _, out _) != OperationStatus.Done
                || Time.Read(time) is not { } instant)
                return VerdictReason.Malformed;
            if ((instant - now).Duration() > tolerance) return VerdictReason.Stale;

            var signed = SignedText.Join(time, request.Body.Span);
            return Verdict.OfSecrets(keys, key => key.HasSigned(signed, signature));
        }

        public override SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified)
        {
            if (!isVerified || JsonBody.Read(request.Body) is not { } body || !body.TryGetProperty("type", out var type)
                || type.ValueKind != JsonValueKind.Number || !type.TryGetInt32(out var number))
                return null;

            // A ping of events, which have application_id beside; a ping of interactions.
            return number == 0 ? SchemeAnswer.NoContent
                : number == 1 && !body.TryGetProperty("event", out _)
                    ? new SchemeAnswer(200, "{\"type\":1}") { ContentType = "application/json" } : null;
        }
    }
}
