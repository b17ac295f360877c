using Teal.Core.Addresses;

namespace Teal.Web.Door;

/// <summary>Settings of who is let in (specification 5 and 7.1).</summary>
public sealed class DoorOptions
{
    /// <summary>The address as the outside sees it, whose pages may connect; null: each request's own.</summary>
    public PublicUrl? PublicUrl { get; set; }

    /// <summary>Whether <c>?credentials=</c> is looked at, for browsers of the classic protocol. Default true.</summary>
    public bool AllowQueryCredentials { get; set; } = true;

    /// <summary>
    /// The origins of pages that may connect beside the own host: <c>https://app.example.org</c>, <c>null</c>, or <c>*</c> for any.
    /// </summary>
    public IReadOnlySet<string> AllowedOrigins { get; set; } = new HashSet<string>();

    /// <summary>
    /// How long the answer to a wrong password is held back at most, for an address (IPv6: a /64) from which several came: 100 ms for the
    /// second one, then twice as long each time. Zero: not at all. Default 10 seconds.
    /// </summary>
    public TimeSpan GuessDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an address's wrong passwords are remembered after the last one. Default 15 minutes.</summary>
    public TimeSpan GuessMemory { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Of how many addresses wrong passwords are remembered; then the oldest are forgotten. Default 10,000.</summary>
    public int MaximumGuessers { get; set; } = 10_000;

    /// <summary>How many answers may be held back at once; over it: 429 at once. Default 1,000.</summary>
    public int MaximumHeldGuesses { get; set; } = 1000;
}
