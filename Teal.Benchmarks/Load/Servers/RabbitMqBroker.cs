using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>Debian's RabbitMQ with a data folder of its own, which goes with this object. Its processes belong to whoever starts it.</summary>
internal sealed class RabbitMqBroker : IDisposable
{
    // Not the wrapper in /usr/sbin, which insists on the user rabbitmq.
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server", NameServer = "/usr/bin/epmd";

    private readonly string _folder = Directory.CreateTempSubdirectory("teal-load-").FullName;
    private readonly int _port = ServerProcess.FindPort();

    /// <summary>Where it is.</summary>
    public Uri Uri => new($"amqp://guest:guest@127.0.0.1:{Text(_port)}/");

    /// <summary>Starts it and Erlang's name server; completes when it serves.</summary>
    public async Task<IReadOnlyList<ServerProcess>> StartAsync(string processors)
    {
        var namesPort = ServerProcess.FindPort();
        var environment = BrokerEnvironment(namesPort, _port);
        var names = ServerProcess.Start(processors, [NameServer], environment);
        await names.WaitForPortAsync(namesPort);
        var broker = ServerProcess.Start(processors, [Program], environment);
        await broker.WaitAsync(() => ServesAsync(Uri));
        return [names, broker];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

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
