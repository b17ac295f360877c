using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Host.Configuration;
using Teal.Host.Serving;
using Teal.Redis;
using Teal.Sqlite;

namespace Teal.Host.Commands;

/// <summary><c>teal serve</c>: runs the listener and the dispatcher until it is told to stop.</summary>
internal static partial class ServeCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "serve";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(Name, "Runs the listener and the dispatcher until it is told to stop. The default command.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((result, _) => RunAsync(result.UnmatchedTokens));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (!SettingArguments.TryRead(arguments, out var commandLine, out var complaint)) return Fail(ExitCode.Usage, complaint);

        IConfigurationRoot configuration;
        try
        {
            configuration = ConfigurationSources.Load(commandLine);
        }
        catch (InvalidDataException exception)
        {
            return Fail(ExitCode.Configuration, $"{exception.Message} {exception.GetBaseException().Message}");
        }

        var options = ConfigurationReader.Read(configuration, out var faults);
        if (faults.Count > 0) return Fail(ExitCode.Configuration, Describe(faults));

        try
        {
            using var host = TealServer.Build(options, configuration);
            Report(ConfigurationReader.UnknownKeys(configuration), host.Services.GetRequiredService<ILoggerFactory>());
            return await RunAsync(host, options);
        }
        catch (SqliteStoreException exception)
        {
            return Fail(ExitCode.StoreUnusable, exception.Message);
        }
    }

    private static async Task<int> RunAsync(IHost host, TealOptions options)
    {
        try
        {
            await host.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // An address that is taken is an IOException, one that this machine does not have or may not use a SocketException.
            // What runs in the background is told to stop, so that it ends without a complaint.
            host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            return Fail(ExitCode.Unavailable, $"{exception.Message.TrimEnd('.')}. See Teal:Listener:Url and Teal:Dispatcher:Url.");
        }

        Console.Out.WriteLine(Banner.Render(options, host.Services.GetRequiredService<IReadOnlyList<ModuleEndpoint>>(), host.Services.GetService<RedisConnection>()?.EndPoints));
        await host.WaitForShutdownAsync();
        return ExitCode.Success;
    }

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine($"teal: {message}");
        return exitCode;
    }

    private static void Report(IReadOnlyList<string> unknownKeys, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("Teal.Host.Configuration");
        foreach (var key in unknownKeys) Log.UnknownKey(logger, key);
    }

    private static string Describe(IReadOnlyList<ConfigurationFault> faults)
    {
        var text = new StringBuilder(faults.Count == 1 ? "the configuration has a fault:" : $"the configuration has {faults.Count} faults:");
        text.AppendLine();
        foreach (var fault in faults)
        {
            text.AppendLine().Append("  ").Append(fault.Key);
            if (fault.Value is not null) text.Append(" = \"").Append(fault.Value).Append('"');
            text.AppendLine().Append("    ").Append(fault.Fault).AppendLine(".");
            if (fault.Example is not null) text.Append("    Example: ").AppendLine(fault.Example);
        }

        return text.ToString().TrimEnd();
    }

    private static partial class Log
    {
        [LoggerMessage(5021, LogLevel.Warning, "The setting {Key} is not known, and means nothing")]
        public static partial void UnknownKey(ILogger logger, string key);
    }
}
