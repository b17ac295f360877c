using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Accounts.Keys;

/// <summary>The settings of <see cref="KeyOptions"/>, under <c>Teal:Keys</c>.</summary>
public static class KeySettings
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<KeyOptions>> All =
    [
        new("Keys:MaximumPerAccount", "100", "how many API keys an account may have; further ones are refused",
            Count<KeyOptions>(0, 10_000, o => o.MaximumPerAccount, (o, v) => o.MaximumPerAccount = v)),
        new("Keys:Maximum", "10000", "how many API keys there may be in all; further ones are refused",
            Count<KeyOptions>(0, 1_000_000, o => o.Maximum, (o, v) => o.Maximum = v)),
        new("Keys:UseInterval", "1 min", "how often it is written at most when and from where an API key was used",
            Duration<KeyOptions>(Second, Day, o => o.UseInterval, (o, v) => o.UseInterval = v)),
    ];
}
