using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Accounts.Directory;

/// <summary>The settings of <see cref="AccountOptions"/>.</summary>
public static class AccountSettings
{
    /// <summary><c>Dispatcher:Password</c>.</summary>
    public static readonly Setting<AccountOptions> Password =
        new("Dispatcher:Password", "a long random text",
            "the password of the user `anonymous`, at least 16 characters where others than this machine reach the dispatcher; " +
            "none: a random one is made at start and shown once; required when `Distributed`",
            Password<AccountOptions>((o, v) => o.Password = v))
        {
            Aliases = ["PASSWORD", "TEAL_PASSWORD"],
            IsSecret = true,
            IsLive = true,
        };
}
