using System.Text.Json.Serialization;

namespace Teal.Webhooks.Directory;

/// <summary>The form of <see cref="WebhookRecord"/> in the store.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookRecord))]
internal sealed partial class WebhookJson : JsonSerializerContext;
