using System.CommandLine;
using System.Net.Sockets;
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
        if (!ServerSettings.TryRead(arguments, out var options, out var configuration, out var exitCode)) return exitCode;

        if (options.Store != StoreKind.Redis && options.Bus != BusKind.RabbitMq) InlineSockets.Prefer();
        try
        {
            using var host = TealServer.Build(options, configuration);
            Report(ConfigurationReader.UnknownKeys(configuration), options, host.Services.GetRequiredService<ILoggerFactory>());
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

    private static void Report(IReadOnlyList<string> unknownKeys, TealOptions options, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("Teal.Host.Configuration");
        foreach (var key in unknownKeys) Log.UnknownKey(logger, key);
        if (options.HasWeakPassword) Log.WeakPassword(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(5021, LogLevel.Warning, "The setting {Key} is not known, and means nothing")]
        public static partial void UnknownKey(ILogger logger, string key);

        [LoggerMessage(5022, LogLevel.Warning, "Teal:Dispatcher:Password can be guessed by programs on this machine; openssl rand -hex 24 makes a better one")]
        public static partial void WeakPassword(ILogger logger);
    }
}
