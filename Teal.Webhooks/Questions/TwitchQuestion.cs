using Teal.Webhooks.Bodies;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Questions;

/// <summary>Twitch's <c>webhook_callback_verification</c>: signed like an event, answered with its challenge.</summary>
internal sealed class TwitchQuestion : IProviderQuestion
{
    public SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified) =>
        isVerified && request.Header("Twitch-Eventsub-Message-Type") == "webhook_callback_verification"
            ? Reflected.Answer(JsonBody.Read(request.Body) is { } body ? JsonBody.Text(body, "challenge") : null) : null;
}
