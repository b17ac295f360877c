namespace Teal.Core.Kinds;

/// <summary>Who signed a webhook.</summary>
/// <param name="Scheme">The name of the scheme by which that was checked, such as <c>github</c>.</param>
/// <param name="Secret">Which of the webhook's secrets it was, from 0 on.</param>
public sealed record WebhookSignature(string Scheme, int Secret);
