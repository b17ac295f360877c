namespace Teal.Accounts.Tickets;

/// <summary>Bounds of tickets (specification 8.3).</summary>
public sealed class TicketOptions
{
    /// <summary>How long a ticket can be used. Default 20 seconds.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How many tickets a process makes for an account within <see cref="Lifetime"/>; further ones are refused. Default 1,000.
    /// </summary>
    public int MaximumPerAccount { get; set; } = 1000;

    /// <summary>How many there may be in all; further ones are refused. Default 10,000.</summary>
    public int Maximum { get; set; } = 10_000;
}
