using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Accounts.Directory;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Host.Configuration;
using Teal.Host.Serving;

namespace Teal.Host.Commands;

/// <summary><c>teal serve</c>: runs the listener and the dispatcher until it is told to stop.</summary>
internal static partial class ServeCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "serve";

    private static readonly Option<bool> Check =
        new("--check") { Description = "Only check the settings, and show those that are set and where" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(Name, "Runs the listener and the dispatcher until it is told to stop. The default command.") { Check };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((result, _) => RunAsync(result.UnmatchedTokens, result.GetValue(Check)));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> arguments, bool isCheck)
    {
        if (!ServerSettings.TryRead(arguments, out var options, out var configuration, out var exitCode)) return exitCode;

        var warnings = ConfigurationWarnings.Of(options, configuration);
        if (isCheck)
        {
            StandardOutput.Write(ServerSettings.Describe(configuration, warnings));
            return ExitCode.Success;
        }

        // From now on, not only once the host does it: opening a large store takes a while.
        var source = new SettingSource(configuration, files => ServerSettings.Load(arguments, files));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = source.IsDue = true);
        if (!options.Store!.IsShared && options.Bus != BusKind.RabbitMq) InlineSockets.Prefer();
        try
        {
            using var host = TealServer.Build(options, configuration, services => services.AddSingleton(source));
            var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Teal.Host.Configuration");
            foreach (var warning in warnings) Log.Warning(logger, warning);
            return await RunAsync(host, options);
        }
        catch (StoreException exception)
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
            return Fail(ExitCode.Unavailable, $"{exception.Message.TrimEnd('.')}. See {string.Join(" and ", KeysOf(exception, options))}.");
        }

        Show(Banner.Render(
            options, host.Services.GetRequiredService<IReadOnlyList<ModuleEndpoint>>(),
            options.Store!.Describe(options, host.Services), await IsAnonymousOnAsync(host)));
        await host.WaitForShutdownAsync();
        return ExitCode.Success;
    }

    // It is off where there are accounts.
    private static async Task<bool> IsAnonymousOnAsync(IHost host) =>
        await host.Services.GetRequiredService<AccountDirectory>().FindAsync(Identity.AnonymousName, CancellationToken.None) is not null;

    private static void Show(string banner)
    {
        try
        {
            StandardOutput.WriteLine(banner);
        }
        catch (StandardOutputException)
        {
            // Nobody can read it, or its disk is full. That is no reason not to serve.
        }
    }

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine($"teal: {message}");
        return exitCode;
    }

    // Those of the modules whose port the message has, if it has one.
    private static IEnumerable<string> KeysOf(Exception exception, TealOptions options)
    {
        var named = options.Modules.Where(module => IsNamed(module.AddressOf(options))).ToArray();
        return (named.Length > 0 ? named : options.Modules).Select(static module => $"Teal:{module.Name}:Url");

        bool IsNamed(BindAddress address) =>
            Regex.IsMatch(exception.Message, $@":{(address.SocketPath is { } path ? Regex.Escape(path) : address.Port)}\b");
    }

    private static partial class Log
    {
        [LoggerMessage(5021, LogLevel.Warning, "{Warning}")]
        public static partial void Warning(ILogger logger, string warning);
    }
}
