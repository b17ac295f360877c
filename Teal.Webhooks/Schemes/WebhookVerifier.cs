using Teal.Webhooks.Requests;

namespace Teal.Webhooks.Schemes;

/// <summary>
/// A scheme with the secrets of one webhook. Any thread may call it at any time; it never throws, whatever a stranger sends.
/// </summary>
public abstract class WebhookVerifier
{
    /// <summary>Whether the provider signs at all. Where it does not, events are let in without.</summary>
    public virtual bool IsSigned => true;

    /// <summary>What is answered once the event is kept.</summary>
    public virtual SchemeAnswer Accepted => SchemeAnswer.NoContent;

    /// <summary>
    /// Whether one of the secrets signed the request. Looks at the bytes as they came and at headers alone, and compares in constant time.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The present instant.</param>
    public abstract Verdict Verify(WebhookRequest request, DateTimeOffset now);

    /// <summary>What the provider numbers its deliveries with, to know one that comes twice; null: it does not.</summary>
    public virtual string? DeliveryIdOf(WebhookRequest request) => null;

    /// <summary>
    /// What a question of the provider is answered, which asks whether the address is ours, and is no event; null: it is no question.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="isVerified">Whether it is signed.</param>
    public virtual SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified) => null;

    /// <summary>
    /// The headers that sign a request, for tests of one's own; null: only the provider can, or the request does not have what is signed.
    /// </summary>
    /// <param name="request">The request, without them.</param>
    /// <param name="now">The present instant.</param>
    public virtual IReadOnlyList<KeyValuePair<string, string>>? Sign(WebhookRequest request, DateTimeOffset now) => null;
}
