using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Accounts.Limits;

/// <summary>The settings of <see cref="FailureOptions"/>, under <c>Teal:Authentication</c>.</summary>
public static class FailureSettings
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<FailureOptions>> All =
    [
        new("Authentication:FailureMemory", "15 min", "how long a wrong password counts",
            Duration<FailureOptions>(Second, Day, o => o.Memory, (o, v) => o.Memory = v)) { IsLive = true },
        new("Authentication:MaximumFailures", "10",
            "how many wrong passwords an address (IPv6: a /64) may bring for one account meanwhile; then 429, and none is looked at",
            Count<FailureOptions>(1, 30_000, o => o.MaximumPerAccountAndAddress, (o, v) => o.MaximumPerAccountAndAddress = v))
        {
            IsLive = true,
        },
        new("Authentication:MaximumFailuresPerAddress", "30", "how many it may bring in all",
            Count<FailureOptions>(1, 30_000, o => o.MaximumPerAddress, (o, v) => o.MaximumPerAddress = v)) { IsLive = true },
        new("Authentication:MaximumFailuresPerAccount", "1000",
            "how many may come for one account from everywhere; then only addresses may try from which it logged in before",
            Count<FailureOptions>(1, 30_000, o => o.MaximumPerAccount, (o, v) => o.MaximumPerAccount = v)) { IsLive = true },
        new("Authentication:MaximumCounters", "100000",
            "how many addresses, accounts, pairs of both, and pairs that logged in are counted, each; then the oldest are forgotten",
            Count<FailureOptions>(1, 10_000_000, o => o.MaximumCounters, (o, v) => o.MaximumCounters = v)) { IsLive = true },
    ];
}
