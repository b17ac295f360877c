using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Accounts.OneTimePasswords;

/// <summary>The settings of <see cref="OneTimePasswordOptions"/>, under <c>Teal:OneTimePasswords</c>.</summary>
public static class OneTimePasswordSettings
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<OneTimePasswordOptions>> All =
    [
        new("OneTimePasswords:Lifetime", "10 min", "how long a one-time password can be used",
            Duration<OneTimePasswordOptions>(Second, Day, o => o.Lifetime, (o, v) => o.Lifetime = v)),
        new("OneTimePasswords:MaximumPerAccount", "20", "how many of them an account may have at once; further ones are refused",
            Count<OneTimePasswordOptions>(0, 10_000, o => o.MaximumPerAccount, (o, v) => o.MaximumPerAccount = v)),
        new("OneTimePasswords:Maximum", "10000", "how many of them there may be in all; further ones are refused",
            Count<OneTimePasswordOptions>(0, 1_000_000, o => o.Maximum, (o, v) => o.Maximum = v)),
    ];
}
