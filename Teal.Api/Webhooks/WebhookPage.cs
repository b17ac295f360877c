using Teal.Webhooks.Management;

namespace Teal.Api.Webhooks;

/// <summary>Some webhooks of a team.</summary>
/// <param name="Webhooks">The webhooks.</param>
/// <param name="Next">What to give as <c>after</c> for the following ones; null: there are none.</param>
internal sealed record WebhookPage(IReadOnlyList<WebhookEntry> Webhooks, string? Next);
