using System.CommandLine;
using Teal.Host.Administration;
using Teal.Host.Configuration;

namespace Teal.Host.Commands;

/// <summary>
/// <c>teal health</c>: asks the server of this machine whether it is ready, for supervisors that run a command, such as a container's.
/// </summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        const string Description =
            "Asks the server of this machine whether it is ready; takes the settings of serve. Exit code 0: it is.";
        var command = new Command("health", Description) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((result, _) => RunAsync(result.UnmatchedTokens));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (!ServerSettings.TryRead(arguments, out var options, out _, out var exitCode, isServing: false)) return exitCode;

        var address = options.Modules[0].AddressOf(options);
        using var http = new HttpClient(HandlerFor(address)) { Timeout = Limit };
        try
        {
            using var answer = await http.GetAsync(new Uri(new Uri(address.Url), "/health/ready"));
            StandardOutput.WriteLine(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? ExitCode.Success : ExitCode.Unavailable;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine(
                $"teal: no answer at {address.Text} " +
                $"({(exception is HttpRequestException ? exception.GetBaseException().Message : $"none within {Limit.TotalSeconds} s")}).");
            return ExitCode.Unavailable;
        }
    }

    private static SocketsHttpHandler HandlerFor(BindAddress address) =>
        address.SocketPath is { } path ? UnixSocketHandler.For(path) : new SocketsHttpHandler { UseProxy = false };
}
