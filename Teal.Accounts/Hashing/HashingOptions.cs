namespace Teal.Accounts.Hashing;

/// <summary>Settings of how passwords are hashed (specification 8.3).</summary>
public sealed class HashingOptions
{
    /// <summary>How many rounds of PBKDF2-HMAC-SHA512 a password is hashed with. Default 210,000, some 0.2 s of a processor.</summary>
    public int Rounds { get; set; } = 210_000;

    /// <summary>How many threads hash passwords. Counts from the start to the end. Default 2.</summary>
    public int Threads { get; set; } = 2;

    /// <summary>
    /// How long a hash may take while other programs want the processor; then a thread of a higher priority computes it once more.
    /// Counts from the start to the end. Default 2 s.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many passwords may wait for a thread; whoever brings a further one is told to try again. Counts from the start to the end.
    /// Default 100.
    /// </summary>
    public int QueueLength { get; set; } = 100;

    /// <summary>How long a password that was right needs no hash again. Default 1 minute.</summary>
    public TimeSpan RememberedFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many passwords are remembered; then the oldest are forgotten. Default 100,000.</summary>
    public int MaximumRemembered { get; set; } = 100_000;
}
