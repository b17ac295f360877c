using Teal.Accounts.Directory;
using Teal.Accounts.Hashing;
using Teal.Accounts.Issuers;
using Teal.Accounts.Keys;
using Teal.Accounts.Limits;
using Teal.Accounts.OneTimePasswords;
using Teal.Accounts.Tickets;
using Teal.Core.Bus;
using Teal.Core.Configuration;
using Teal.Core.Journal;
using Teal.Core.Publishing;
using Teal.Core.Records;
using Teal.Core.States;
using Teal.Dispatcher;
using Teal.Listener;
using Teal.RabbitMq;
using Teal.Redis;
using Teal.Sqlite;
using Teal.Web.Door;
using Teal.Web.Pages;
using Teal.Web.Sessions;
using Teal.Webhooks.Directory;

namespace Teal.Host.Configuration;

/// <summary>
/// Every setting under <c>Teal</c>, once: reading, checking, messages, <c>teal serve --help</c>, <c>docs/configuration.md</c> and its
/// schema come from here. Each project lists its own; here they are joined.
/// </summary>
internal static class SettingCatalogue
{
    private static readonly TealOptions Defaults = new();

    /// <summary>The settings, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<TealOptions>> All =
    [
        .. ProcessSettings.Parts,
        SqliteSettings.DataDirectory.In<TealOptions>(static options => options.Sqlite),
        .. Join(CallbackStateSettings.Store, static options => options.States),
        .. Join(SqliteSettings.Writing, static options => options.Sqlite),
        EventPublisherSettings.PublishTimeout.In<TealOptions>(static options => options.Publisher),
        .. Join(InProcessBusSettings.All, static options => options.InProcessBus),
        .. Join(EventPublisherSettings.Waiting, static options => options.Publisher),
        .. Join(JournalSettings.All, static options => options.Journal),
        .. Join(RecordSettings.All, static options => options.Records),
        .. ProcessSettings.Surroundings,
        ProcessSettings.ListenerUrl,
        .. Join(ListenerSettings.All, static options => options.Listener),
        .. Join(PageSettings.All, static options => options.Listener.Pages),
        ProcessSettings.DispatcherUrl,
        DoorSettings.PublicUrl.In<TealOptions>(static options => options.Dispatcher.Door),
        AccountSettings.AnonymousPassword.In<TealOptions>(static options => options.Accounts.Directory),
        .. Join(CallbackStateSettings.Lifetimes, static options => options.States),
        .. Join(ChannelSettings.Messages, static options => options.Dispatcher.Channels),
        .. Join(DispatcherSettings.Registrations, static options => options.Dispatcher),
        .. Join(ChannelSettings.Connections, static options => options.Dispatcher.Channels),
        .. Join(DoorSettings.Guests, static options => options.Dispatcher.Door),
        DispatcherSettings.ExposeVersion.In<TealOptions>(static options => options.Dispatcher),
        .. Join(ChannelSettings.Waiting, static options => options.Dispatcher.Channels),
        .. Join(DispatcherSettings.Bus, static options => options.Dispatcher),
        .. Join(AccountSettings.Accounts, static options => options.Accounts.Directory),
        .. Join(HashingSettings.All, static options => options.Accounts.Hashing),
        .. Join(FailureSettings.All, static options => options.Accounts.Failures),
        .. Join(IssuerSettings.All, static options => options.Accounts.Issuers),
        .. Join(KeySettings.All, static options => options.Accounts.Keys),
        .. Join(OneTimePasswordSettings.All, static options => options.Accounts.OneTimePasswords),
        .. Join(TicketSettings.All, static options => options.Accounts.Tickets),
        .. Join(WebhookSettings.All, static options => options.Webhooks),
        .. Join(RedisSettings.All, static options => options.Redis),
        .. Join(RabbitMqSettings.All, static options => options.RabbitMq),
        .. Join(HttpSettings.Requests, static options => options.Http),
        ListenerSettings.BodyTimeout.In<TealOptions>(static options => options.Listener),
        .. Join(HttpSettings.Connections, static options => options.Http),
    ];

    /// <summary>What holds where nothing is set, as it would be written; empty: nothing.</summary>
    public static string DefaultOf(Setting<TealOptions> setting) => setting.Type.Write?.Invoke(Defaults) ?? "";

    private static IEnumerable<Setting<TealOptions>> Join<TOptions>(
        IReadOnlyList<Setting<TOptions>> settings, Func<TealOptions, TOptions> part) =>
        settings.Select(setting => setting.In(part));
}
