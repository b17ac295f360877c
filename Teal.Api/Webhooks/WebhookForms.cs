using System.Text.Json.Serialization;
using Teal.Api.Http;
using Teal.Webhooks.Management;

namespace Teal.Api.Webhooks;

/// <summary>Writes webhooks.</summary>
[JsonSerializable(typeof(WebhookPage))]
[JsonSerializable(typeof(WebhookEntry))]
internal sealed partial class WebhookForms : JsonSerializerContext
{
    /// <summary>The one for all.</summary>
    public static WebhookForms Written { get; } = new(ApiJson.Form());
}
