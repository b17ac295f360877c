using System.Security.Cryptography;
using System.Text;
using Teal.Webhooks.Bodies;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Questions;

/// <summary>Zoom's <c>endpoint.url_validation</c>: signed like an event, answered with its token and the HMAC of that.</summary>
internal sealed class ZoomQuestion(string? secret = null) : IProviderQuestion
{
    private const int LongestToken = 1024;

    public IProviderQuestion With(SchemeWish wish) => new ZoomQuestion(wish.Secrets[0]);

    public SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified)
    {
        if (!isVerified || JsonBody.Read(request.Body) is not { } body || JsonBody.Text(body, "event") != "endpoint.url_validation")
            return null;
        if (JsonBody.Part(body, "payload") is not { } payload
            || JsonBody.Text(payload, "plainToken") is not { Length: <= LongestToken } token)
            return new SchemeAnswer(400, "payload.plainToken has to be there.");

        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret ?? ""), Encoding.UTF8.GetBytes(token));
        var text = JsonBody.Write("plainToken", token, "encryptedToken", Convert.ToHexStringLower(hash));
        return new SchemeAnswer(200, text) { ContentType = "application/json" };
    }
}
