namespace Teal.Accounts.Limits;

/// <summary>Settings of how many wrong passwords are taken (specification 8.3).</summary>
public sealed class FailureOptions
{
    /// <summary>How long a wrong password counts. Default 15 minutes.</summary>
    public TimeSpan Memory { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How many may come for one account from one address (IPv6: a /64). Default 10.</summary>
    public int MaximumPerAccountAndAddress { get; set; } = 10;

    /// <summary>How many may come from one address in all. Default 30.</summary>
    public int MaximumPerAddress { get; set; } = 30;

    /// <summary>
    /// How many may come for one account from everywhere; then only addresses may try from which it logged in before. Default 1,000.
    /// </summary>
    public int MaximumPerAccount { get; set; } = 1_000;

    /// <summary>
    /// How many addresses, accounts, and pairs of both are counted, and of how many pairs it is known that a login was right; of each of
    /// these four. Then the oldest are forgotten. Default 100,000.
    /// </summary>
    public int MaximumCounters { get; set; } = 100_000;
}
