namespace Teal.Api.Tickets;

/// <summary>A ticket, with where it is for.</summary>
/// <param name="Ticket">The ticket itself, this once.</param>
/// <param name="ExpiresIn">How long it can be used, in seconds.</param>
/// <param name="WebsocketUrl">The address of the websocket, to which <c>?ticket=</c> is added.</param>
internal sealed record WebSocketTicket(string Ticket, double ExpiresIn, string WebsocketUrl)
{
    /// <summary>Nothing: a ticket has no place in a log.</summary>
    public override string ToString() => nameof(WebSocketTicket);
}
