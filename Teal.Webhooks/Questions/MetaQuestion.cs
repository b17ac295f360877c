using System.Security.Cryptography;
using System.Text;
using Teal.Webhooks.Bodies;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Questions;

/// <summary>Meta's subscription, as WebSub has it: a GET with the verify token that was given there, answered with its challenge.</summary>
internal sealed class MetaQuestion(string? verifyToken = null) : IProviderQuestion
{
    public bool NeedsVerifyToken => true;

    public IProviderQuestion With(SchemeWish wish) => new MetaQuestion(wish.VerifyToken);

    public SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified)
    {
        if (request.Method != "GET") return null;

        var query = FormText.Read(request.Query);
        return FormText.Find(query, "hub.mode") == "subscribe" && FormText.Find(query, "hub.verify_token") is { } token
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(verifyToken ?? ""))
            ? Reflected.Answer(FormText.Find(query, "hub.challenge")) : new SchemeAnswer(403, "The verify token is not this webhook's.");
    }
}
