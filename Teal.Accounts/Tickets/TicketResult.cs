using Teal.Accounts.Faults;

namespace Teal.Accounts.Tickets;

/// <summary>What came of the wish for a ticket.</summary>
public abstract record TicketResult
{
    private TicketResult()
    {
    }

    /// <summary>It is made.</summary>
    /// <param name="Text">The ticket, to be given as <c>?ticket=</c> as it is.</param>
    /// <param name="Lifetime">How long it can be used.</param>
    public sealed record Made(string Text, TimeSpan Lifetime) : TicketResult
    {
        /// <summary>Nothing: a ticket has no place in a log.</summary>
        public override string ToString() => nameof(Made);
    }

    /// <summary>It is not.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record Refused(AccountFault Fault) : TicketResult;
}
