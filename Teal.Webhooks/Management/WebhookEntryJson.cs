using System.Text.Json.Serialization;

namespace Teal.Webhooks.Management;

/// <summary>Writes webhooks.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WebhookEntry))]
internal sealed partial class WebhookEntryJson : JsonSerializerContext;
