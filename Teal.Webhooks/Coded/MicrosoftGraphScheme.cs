using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Teal.Webhooks.Bodies;
using Teal.Webhooks.Questions;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Coded;

/// <summary>
/// Microsoft Graph's notifications: each item of the body repeats the <c>clientState</c> that the subscription was made with. A new
/// subscription asks for its <c>validationToken</c> back.
/// </summary>
internal sealed class MicrosoftGraphScheme : WebhookScheme
{
    public override string Name => "microsoft-graph";

    public override string SecretMeaning => "the clientState of the subscription";

    protected override WebhookVerifier? Create(SchemeWish wish, out string? fault)
    {
        fault = null;
        return new Verifier([.. wish.Secrets.Select(Encoding.UTF8.GetBytes)]);
    }

    private sealed class Verifier(byte[][] states) : WebhookVerifier
    {
        private const int MostItems = 1000;

        public override SchemeAnswer Accepted { get; } = new(202);

        public override Verdict Verify(WebhookRequest request, DateTimeOffset now)
        {
            if (JsonBody.Read(request.Body) is not { } body) return VerdictReason.Missing;

            var items = JsonBody.List(body, "value");
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

        public override SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified) =>
            request.Method == "POST" && FormText.Find(FormText.Read(request.Query), "validationToken") is { } token
                ? Reflected.Answer(token) : null;

        private Verdict Verify(JsonElement item)
        {
            if (JsonBody.Text(item, "clientState") is not { } given) return VerdictReason.Missing;

            var bytes = Encoding.UTF8.GetBytes(given);
            var index = Array.FindIndex(states, state => CryptographicOperations.FixedTimeEquals(state, bytes));
            return index < 0 ? VerdictReason.Wrong : new Verdict(VerdictReason.Verified, index);
        }
    }
}
