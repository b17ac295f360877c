using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>One process with both modules, on Debian's Redis (each write synced before it is answered) and RabbitMQ.</summary>
internal sealed class DistributedTealServer() : TealServer("Teal, RabbitMQ and Redis")
{
    // Not the wrapper in /usr/sbin, which insists on the user rabbitmq.
    private const string RabbitMq = "/usr/lib/rabbitmq/bin/rabbitmq-server", NameServer = "/usr/bin/epmd";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"teal-load-{Guid.NewGuid():N}");

    public override async Task StartAsync(LoadOptions options)
    {
        Directory.CreateDirectory(_folder);
        int redis = ServerProcess.FindPort(), names = ServerProcess.FindPort(), rabbitMq = ServerProcess.FindPort();

        // What it uses shares the generator's processor, so that Teal has its own to itself.
        string[] keep = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"];
        var store = Run(options.ClientProcessor, ["redis-server", "--port", Text(redis), "--bind", "127.0.0.1", "--dir", _folder, .. keep]);
        await store.WaitForPortAsync(redis);

        var environment = BrokerEnvironment(names, rabbitMq);
        var nameServer = Run(options.ClientProcessor, [NameServer], environment);
        await nameServer.WaitForPortAsync(names);
        var broker = Run(options.ClientProcessor, [RabbitMq], environment);
        await broker.WaitAsync(() => ServesAsync(AddressOf(rabbitMq)));

        await StartTealAsync(options,
            ["--Deployment", "Distributed", "--Redis:Configuration", $"localhost:{redis}", "--RabbitMq:Uri", AddressOf(rabbitMq).ToString()]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static Uri AddressOf(int port) => new($"amqp://guest:guest@127.0.0.1:{port}/");

    private static async Task<bool> ServesAsync(Uri uri)
    {
        try
        {
            await using var connection = await new ConnectionFactory { Uri = uri, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }

    private Dictionary<string, string> BrokerEnvironment(int namesPort, int port)
    {
        const string Loopback = "-kernel inet_dist_use_interface {127,0,0,1}";
        File.WriteAllText(Path.Combine(_folder, "rabbitmq.conf"), "log.console = true\nlog.file = false\ndisk_free_limit.absolute = 1MB\n");
        File.WriteAllText(Path.Combine(_folder, "enabled_plugins"), "[].");
        File.WriteAllText(Path.Combine(_folder, "rabbitmq-env.conf"), "");
        return new Dictionary<string, string>
        {
            ["HOME"] = _folder,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = Text(namesPort),
            ["RABBITMQ_NODENAME"] = $"teal-{Guid.NewGuid():N}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = Text(port),
            ["RABBITMQ_DIST_PORT"] = Text(ServerProcess.FindPort()),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(_folder, "pid"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_folder, "rabbitmq-env.conf"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
            // The script then becomes Erlang instead of waiting for it.
            ["RABBITMQ_ALLOW_INPUT"] = "1",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = $"+S 1:1 +sbwt none +Bd -noinput -start_epmd false {Loopback}",
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
