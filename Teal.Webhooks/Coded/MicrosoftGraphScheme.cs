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

    protected override WebhookVerifier Create(SchemeWish wish) => new Verifier([.. wish.Secrets.Select(Encoding.UTF8.GetBytes)]);

    private sealed class Verifier(byte[][] states) : WebhookVerifier
    {
        private const int MostItems = 1000;

        public override SchemeAnswer Accepted { get; } = new(202);

        public override Verdict Verify(WebhookRequest request, DateTimeOffset now) => JsonBody.Read(request.Body) is { } body
            ? Verdict.OfItems(JsonBody.List(body, "value"), MostItems, Verify) : VerdictReason.Missing;

        public override SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified) =>
            request.Method == "POST" && FormText.Find(FormText.Read(request.Query), "validationToken") is { } token
                ? Reflected.Answer(token) : null;

        private Verdict Verify(JsonElement item)
        {
            if (JsonBody.Text(item, "clientState") is not { } given) return VerdictReason.Missing;

            var bytes = Encoding.UTF8.GetBytes(given);
            return Verdict.OfSecrets(states, state => CryptographicOperations.FixedTimeEquals(state, bytes));
        }
    }
}
