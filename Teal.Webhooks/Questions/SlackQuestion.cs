using Teal.Webhooks.Bodies;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Questions;

/// <summary>Slack's <c>url_verification</c>: signed like an event, answered with its challenge.</summary>
internal sealed class SlackQuestion : IProviderQuestion
{
    public SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified) =>
        isVerified && JsonBody.Read(request.Body) is { } body && JsonBody.Text(body, "type") == "url_verification"
            ? Reflected.Answer(JsonBody.Text(body, "challenge")) : null;
}
