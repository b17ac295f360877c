using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Accounts.Tickets;

/// <summary>The settings of <see cref="TicketOptions"/>, under <c>Teal:Tickets</c>.</summary>
public static class TicketSettings
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<TicketOptions>> All =
    [
        new("Tickets:Lifetime", "20 s", "how long a ticket can be used",
            Duration<TicketOptions>(Second, TimeSpan.FromMinutes(10), o => o.Lifetime, (o, v) => o.Lifetime = v)),
        new("Tickets:MaximumPerAccount", "1000",
            "how many tickets a process makes for an account within their lifetime; further ones are refused",
            Count<TicketOptions>(0, 1_000_000, o => o.MaximumPerAccount, (o, v) => o.MaximumPerAccount = v)),
        new("Tickets:Maximum", "10000", "how many tickets there may be in all; further ones are refused",
            Count<TicketOptions>(0, 1_000_000, o => o.Maximum, (o, v) => o.Maximum = v)),
    ];
}
