namespace Teal.Webhooks.Management;

/// <summary>Why a webhook was not changed.</summary>
/// <param name="Code">What kind of reason it is.</param>
/// <param name="Detail">A sentence that tells whoever asked what to do; it repeats no secret.</param>
public sealed record WebhookFault(WebhookFaultCode Code, string Detail);
