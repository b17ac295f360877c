using System.Net;
using Teal.Accounts;
using Teal.Core.Bus;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Publishing;
using Teal.Core.Records;
using Teal.Core.States;
using Teal.Dispatcher;
using Teal.Listener;
using Teal.RabbitMq;
using Teal.Redis;
using Teal.Sqlite;
using Teal.Webhooks.Directory;

namespace Teal.Host.Configuration;

/// <summary>All settings under <c>Teal</c>, read and checked; what each means stands in <see cref="SettingCatalogue"/>.</summary>
internal sealed class TealOptions
{
    public Deployment Deployment { get; set; }

    public BusKind? Bus { get; set; }

    public Store? Store { get; set; }

    /// <summary>What this process runs, each once, in the order of <see cref="Module.All"/>.</summary>
    public IReadOnlyList<Module> Modules { get; set; } = Module.All;

    public BindAddress ListenerAddress { get; set; } = new("localhost", 8080);

    public BindAddress DispatcherAddress { get; set; } = new("localhost", 8081);

    public IReadOnlyList<IPNetwork> TrustedProxies { get; set; } = [];

    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Whether the password of <c>anonymous</c> was made at start, because none was configured, and no account either.</summary>
    public bool HasGeneratedPassword => Accounts.Directory.IsPasswordGenerated;

    /// <summary>Whether the configured password could be guessed.</summary>
    public bool HasWeakPassword { get; set; }

    public HttpOptions Http { get; } = new();

    public ListenerOptions Listener { get; } = new();

    public DispatcherOptions Dispatcher { get; } = new();

    public AccountsOptions Accounts { get; } = new();

    public EventPublisherOptions Publisher { get; } = new();

    /// <summary>Bounds of the in-process bus.</summary>
    public InProcessBusOptions InProcessBus { get; } = new();

    public JournalOptions Journal { get; } = new();

    public CallbackStateOptions States { get; } = new();

    public RecordOptions Records { get; } = new();

    /// <summary>The webhooks of the settings, and bounds of all.</summary>
    public WebhookOptions Webhooks { get; } = new();

    public RabbitMqOptions RabbitMq { get; } = new();

    public RedisOptions Redis { get; } = new();

    public SqliteOptions Sqlite { get; } = new();

    /// <summary>
    /// Whether the process has a data folder: the embedded store lives there, and with other stores one that is set is for the socket of
    /// administrators.
    /// </summary>
    public bool HasDataDirectory => Store!.NeedsDataDirectory || Sqlite.DataDirectory != new SqliteOptions().DataDirectory;

    /// <summary>Whether what an address says about others is believed.</summary>
    public bool Trusts(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return TrustedProxies.Any(network => network.Contains(plain));
    }

    /// <summary>
    /// Whether an address stands for many clients that cannot be told apart: that of a trusted proxy, and this machine's own.
    /// </summary>
    public bool StandsForMany(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) || Trusts(address);
}
