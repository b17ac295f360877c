using System.Text.Json.Serialization;

namespace Teal.Accounts.Tickets;

/// <summary>The form of <see cref="TicketRecord"/> in the store.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TicketRecord))]
internal sealed partial class TicketJson : JsonSerializerContext;
