using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Accounts.Hashing;

/// <summary>The settings of <see cref="HashingOptions"/>, under <c>Teal:Authentication</c>.</summary>
public static class HashingSettings
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<HashingOptions>> All =
    [
        new("Authentication:HashRounds", "210000",
            "how many rounds of PBKDF2-HMAC-SHA512 a hash takes; where it rises, an account's next login has its hash made anew",
            Count<HashingOptions>(PasswordHash.LeastRounds, PasswordHash.MostRounds, o => o.Rounds, (o, v) => o.Rounds = v))
        {
            IsLive = true,
        },
        new("Authentication:HashThreads", "2", "how many threads hash passwords, while nothing else wants the processor",
            Count<HashingOptions>(1, 64, o => o.Threads, (o, v) => o.Threads = v)),
        new("Authentication:HashPatience", "2 s", "how long a hash may wait for the processor; then it gets a tenth of what others get",
            Duration<HashingOptions>(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), o => o.Patience, (o, v) => o.Patience = v)),
        new("Authentication:HashQueueLength", "100", "how many passwords may wait for them; for further ones: 503",
            Count<HashingOptions>(1, 100_000, o => o.QueueLength, (o, v) => o.QueueLength = v)),
        new("Authentication:RememberedFor", "1 min", "how long a password that was right needs no hash when it comes again",
            Duration<HashingOptions>(TimeSpan.Zero, TimeSpan.FromHours(1), o => o.RememberedFor, (o, v) => o.RememberedFor = v))
        {
            IsLive = true,
        },
        new("Authentication:MaximumRemembered", "100000", "how many such passwords are remembered; then the oldest are forgotten",
            Count<HashingOptions>(1, 10_000_000, o => o.MaximumRemembered, (o, v) => o.MaximumRemembered = v)) { IsLive = true },
    ];
}
