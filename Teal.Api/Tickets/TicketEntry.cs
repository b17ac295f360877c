namespace Teal.Api.Tickets;

/// <summary>A ticket that was made a moment ago.</summary>
/// <param name="Ticket">The ticket itself, this once.</param>
/// <param name="ExpiresIn">How long it can be used, in seconds.</param>
internal sealed record TicketEntry(string Ticket, double ExpiresIn)
{
    /// <summary>Nothing: a ticket has no place in a log.</summary>
    public override string ToString() => nameof(TicketEntry);
}
