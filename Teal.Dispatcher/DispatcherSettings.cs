using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;
using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Dispatcher;

/// <summary>
/// The settings of <see cref="DispatcherOptions"/>, under <c>Teal:Dispatcher</c>; those of channels and of the door are their own.
/// </summary>
public static class DispatcherSettings
{
    /// <summary>What clients may register for.</summary>
    public static readonly IReadOnlyList<Setting<DispatcherOptions>> Registrations =
    [
        new("Dispatcher:MaximumRegistrations", "10000", "how many topics a connection may register for; further ones are ignored",
            Count<DispatcherOptions>(1, 10_000_000, o => o.MaximumRegistrations, (o, v) => o.MaximumRegistrations = v)),
        new("Dispatcher:RegistrationBudget", "128 MiB",
            "how much memory all registrations may take together; further ones are refused. One connection may have an eighth of " +
            "it, one address half",
            Size<DispatcherOptions>(64 * 1024, int.MaxValue, o => o.RegistrationBudget, (o, v) => o.RegistrationBudget = v)),
    ];

    /// <summary><c>Dispatcher:ExposeVersion</c>.</summary>
    public static readonly Setting<DispatcherOptions> ExposeVersion =
        new("Dispatcher:ExposeVersion", "false", "whether the metadata tells the server's version",
            Boolean<DispatcherOptions>(o => o.ExposeVersion, (o, v) => o.ExposeVersion = v));

    /// <summary>How registrations go with the bus.</summary>
    public static readonly IReadOnlyList<Setting<DispatcherOptions>> Bus =
    [
        new("Dispatcher:BindTimeout", "1 s", "how long a connection's later messages wait for a registration while the bus is away",
            Duration<DispatcherOptions>(Millisecond, TimeSpan.FromMinutes(5), o => o.BindTimeout, (o, v) => o.BindTimeout = v)),
        new("Dispatcher:UnbindDelay", "5 s", "how long a topic stays bound after its last registration",
            Duration<DispatcherOptions>(TimeSpan.Zero, Day, o => o.UnbindDelay, (o, v) => o.UnbindDelay = v)),
        new("Dispatcher:FeedInterval", "1 s", "how often Redis is asked for events that RabbitMQ did not bring",
            Duration<DispatcherOptions>(TimeSpan.FromMilliseconds(10), Day, o => o.FeedInterval, (o, v) => o.FeedInterval = v)),
    ];
}
