using Teal.Webhooks.Requests;

namespace Teal.Webhooks.Schemes;

/// <summary>What a provider asks an address before it sends events there, or now and then.</summary>
public interface IProviderQuestion
{
    /// <summary>Whether the answer needs <see cref="SchemeWish.VerifyToken"/>.</summary>
    bool NeedsVerifyToken => false;

    /// <summary>Takes what the answer needs.</summary>
    IProviderQuestion With(SchemeWish wish) => this;

    /// <inheritdoc cref="WebhookVerifier.AnswerTo"/>
    SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified);
}
