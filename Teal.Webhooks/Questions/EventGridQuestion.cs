using Teal.Webhooks.Bodies;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Questions;

/// <summary>
/// Azure Event Grid: a validation event asks for its code back, and CloudEvents ask by OPTIONS who may send
/// (HTTP 1.1 Web Hooks for Event Delivery, section 4).
/// </summary>
internal sealed class EventGridQuestion : IProviderQuestion
{
    private const int LongestOrigin = 255;

    public SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified) =>
        request.Method == "OPTIONS" ? AnswerToOptions(request)
        : request.Header("aeg-event-type") == "SubscriptionValidation" ? AnswerToValidation(request) : null;

    private static SchemeAnswer? AnswerToOptions(WebhookRequest request) =>
        request.Header("WebHook-Request-Origin") is { Length: > 0 and <= LongestOrigin } origin
            && !origin.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? new SchemeAnswer(200) { Headers = [new("WebHook-Allowed-Origin", origin), new("WebHook-Allowed-Rate", "*")] } : null;

    private static SchemeAnswer AnswerToValidation(WebhookRequest request)
    {
        var code = JsonBody.ReadList(request.Body) is [var first, ..] && JsonBody.Part(first, "data") is { } data
            ? JsonBody.Text(data, "validationCode") : null;
        if (code is not { Length: > 0 and <= 1024 }) return Reflected.Answer(null);

        return new SchemeAnswer(200, JsonBody.Write("validationResponse", code)) { ContentType = "application/json" };
    }
}
