using System.Text.Json.Serialization;
using Teal.Api.Http;

namespace Teal.Api.Tickets;

/// <summary>Writes tickets.</summary>
[JsonSerializable(typeof(TicketEntry))]
[JsonSerializable(typeof(WebSocketTicket))]
internal sealed partial class TicketForms : JsonSerializerContext
{
    /// <summary>The one for all.</summary>
    public static TicketForms Written { get; } = new(ApiJson.Form());
}
