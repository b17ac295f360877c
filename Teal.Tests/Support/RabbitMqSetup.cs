using System.Globalization;

namespace Teal.Tests.Support;

/// <summary>
/// How Debian's RabbitMQ is started by any user, with all that it writes in one folder, and on loopback ports alone. Teal.Benchmarks is
/// compiled with it, too.
/// </summary>
internal static class RabbitMqSetup
{
    // Not the wrappers in /usr/sbin, which insist on the user rabbitmq.
    private const string Programs = "/usr/lib/rabbitmq/bin";

    /// <summary>The broker, which stays in the foreground.</summary>
    public const string Server = $"{Programs}/rabbitmq-server";

    /// <summary>What asks the broker.</summary>
    public const string Control = $"{Programs}/rabbitmqctl";

    /// <summary>Erlang's name server. The broker would start one by itself, detached, and leave it behind.</summary>
    public const string NameServer = "/usr/bin/epmd";

    /// <summary>Writes what the broker reads at its start, and returns the environment for all three programs.</summary>
    /// <param name="folder">Where its files are; whoever deletes it afterwards must not follow links.</param>
    /// <param name="port">For AMQP 0-9-1.</param>
    /// <param name="namesPort">For Erlang's name server.</param>
    /// <param name="nodesPort">For <see cref="Control"/>.</param>
    /// <param name="configuration">More lines of <c>rabbitmq.conf</c>.</param>
    public static Dictionary<string, string> Write(string folder, int port, int namesPort, int nodesPort, string configuration = "")
    {
        const string Loopback = "-kernel inet_dist_use_interface {127,0,0,1}";
        return new Dictionary<string, string>
        {
            ["HOME"] = folder, // Erlang keeps the cookie there by which rabbitmqctl is let in.
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = Text(namesPort),
            ["RABBITMQ_SCRIPTS_DIR"] = LinkScripts(folder),
            ["RABBITMQ_NODENAME"] = $"teal-{Guid.NewGuid():N}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = Text(port),
            ["RABBITMQ_DIST_PORT"] = Text(nodesPort),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = WriteFile("enabled_plugins", "[]."),
            ["RABBITMQ_CONF_ENV_FILE"] = WriteFile("rabbitmq-env.conf", ""),
            ["RABBITMQ_CONFIG_FILE"] = WriteFile(
                "rabbitmq.conf", $"log.console = true\nlog.file = false\ndisk_free_limit.absolute = 1MB\n{configuration}"),
            // The script then becomes Erlang instead of waiting for it, and signals reach Erlang without a detour.
            ["RABBITMQ_ALLOW_INPUT"] = "1",
            // One scheduler that does not spin; an interrupt from the terminal ends it like everything else of the run.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = $"+S 1:1 +sbwt none +Bd -noinput -start_epmd false {Loopback}",
            ["RABBITMQ_CTL_ERL_ARGS"] = $"+S 1:1 +sbwt none {Loopback}",
        };

        string WriteFile(string name, string text)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, text);
            return path;
        }
    }

    // Erlang looks for a module in the folder of one plugin after the other, and loads some hundred: without the plugins that are not
    // enabled, a start takes half as long. The scripts take what is beside their folder.
    private static string LinkScripts(string folder)
    {
        var scripts = new FileInfo(Server).ResolveLinkTarget(returnFinalTarget: true)!;
        var installed = Path.Combine(Path.GetDirectoryName(scripts.FullName)!, "..");
        foreach (var name in new[] { "sbin", "escript" })
            Directory.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine(installed, name));
        var plugins = Directory.CreateDirectory(Path.Combine(folder, "plugins")).FullName;
        foreach (var plugin in Directory.GetFileSystemEntries(Path.Combine(installed, "plugins")))
        {
            var name = Path.GetFileName(plugin);
            if (!name.StartsWith("rabbitmq_", StringComparison.Ordinal) || name.StartsWith("rabbitmq_prelaunch", StringComparison.Ordinal))
                File.CreateSymbolicLink(Path.Combine(plugins, name), plugin);
        }

        return Path.Combine(folder, "sbin");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
