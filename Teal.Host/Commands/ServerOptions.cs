using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Teal.Core.Identities;
using Teal.Host.Administration;

namespace Teal.Host.Commands;

/// <summary>The options and the manners that all commands share which ask a running server for something, and end.</summary>
internal static class ServerOptions
{
    private const string PasswordVariable = "TEAL_PASSWORD", UserVariable = "TEAL_USER", KeyStart = "teal_";

    private static readonly Option<string> User = new("--user")
    {
        Description =
            $"The account that asks, with --dispatcher (default: {UserVariable}, else {Identity.AnonymousName}; a key says whose it is)",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print what the server answers, as JSON" };

    /// <summary>Adds the options to a command, which then takes settings too: they say where the data folder is.</summary>
    public static Command With(Command command)
    {
        command.Add(DispatcherOption.Optional);
        command.Add(User);
        command.Add(Json);
        command.TreatUnmatchedTokensAsErrors = false;
        return command;
    }

    /// <summary>Asks for something, and prints what came of it. Returns the exit code.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="print">The text for what the server did; not asked with <c>--json</c>.</param>
    public static async Task<int> RunAsync(
        ParseResult result, Func<ServerConnection, Task<ServerAnswer>> ask, Func<JsonElement, string> print)
    {
        var (server, exitCode) = Connect(result);
        if (server is null) return exitCode;

        using (server) return await RunAsync(result, server, ask, print);
    }

    /// <summary>The same with a server that was found.</summary>
    public static async Task<int> RunAsync(
        ParseResult result, ServerConnection server, Func<ServerConnection, Task<ServerAnswer>> ask, Func<JsonElement, string> print)
    {
        try
        {
            var answer = await ask(server);
            if (!answer.IsSuccess) return Fail(server, answer);

            if (!result.GetValue(Json)) StandardOutput.WriteLine(print(answer.Object));
            else if (answer.Body.Length > 0) StandardOutput.WriteLine(EventText.OneLine(answer.Object));
            return ExitCode.Success;
        }
        catch (HttpRequestException exception)
        {
            var isForbidden = exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.AccessDenied };
            return Fail(
                isForbidden ? ExitCode.NotPermitted : ExitCode.Unavailable,
                isForbidden ? $"{server.Name} can be opened by its owner alone; try it with sudo."
                    : $"no answer at {server.Name} ({exception.GetBaseException().Message.TrimEnd('.')}).");
        }
    }

    /// <summary>
    /// Whether a command that can do without a server is to ask one: it was told an address, or one runs with the data folder.
    /// </summary>
    public static bool IsForServer(ParseResult result)
    {
        DispatcherOption.Read(result, DispatcherOption.Optional, out var address, out var fault);
        return address is not null || fault is not null || result.GetValue(User) is not null
            || (ServerSettings.TryRead(result.UnmatchedTokens, out var options, out _, out _, isServing: false)
                && SocketPlace.IsAnswered(options.Sqlite.DataDirectory));
    }

    /// <summary>Prints what came of a command that asked no server.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="write">Writes the members of the object that <c>--json</c> prints.</param>
    /// <param name="text">The text for people.</param>
    public static void Print(ParseResult result, Action<Utf8JsonWriter> write, string text) =>
        StandardOutput.WriteLine(result.GetValue(Json) ? Encoding.UTF8.GetString(JsonObject.Write(write).Span) : text);

    /// <summary>The server that the command line says; null: there is none, which was said, and the exit code tells it.</summary>
    public static (ServerConnection? Server, int ExitCode) Connect(ParseResult result)
    {
        DispatcherOption.Read(result, DispatcherOption.Optional, out var address, out var fault);
        if (fault is not null) return (null, Fail(ExitCode.Usage, fault));
        if (address is not null) return ConnectTo(address, result);
        if (result.GetValue(User) is not null) return (null, Fail(ExitCode.Usage, "--user means something with --dispatcher alone."));
        if (!ServerSettings.TryRead(result.UnmatchedTokens, out var options, out _, out var exitCode, isServing: false))
            return (null, exitCode);

        if (SocketPlace.Find(options.Sqlite.DataDirectory) is { } path) return (ServerConnection.ToSocket(path), ExitCode.Success);
        return (null, Fail(
            ExitCode.Unavailable,
            $"no server of Teal runs with the data folder {Path.GetFullPath(options.Sqlite.DataDirectory)}, or it has no socket there. " +
            "Name its folder, as in --DataDirectory /var/lib/teal, or the address of a dispatcher with --dispatcher."));
    }

    private static (ServerConnection? Server, int ExitCode) ConnectTo(Uri address, ParseResult result)
    {
        if (result.UnmatchedTokens.Count > 0)
        {
            return (null, Fail(
                ExitCode.Usage, $"'{result.UnmatchedTokens[0]}' is no option, and settings mean nothing with --dispatcher."));
        }

        var secret = Environment.GetEnvironmentVariable(PasswordVariable) ?? "";
        var user = result.GetValue(User) ?? Environment.GetEnvironmentVariable(UserVariable)
            ?? (secret.StartsWith(KeyStart, StringComparison.Ordinal) ? "" : Identity.AnonymousName);
        if (secret.Length == 0) secret = Terminal.ReadSecret($"Password of {user}: ") ?? "";
        if (secret.Length == 0)
        {
            return (null, Fail(
                ExitCode.Usage, $"no password was given. Set {PasswordVariable}, or run this in a terminal, which asks for it."));
        }

        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
            Console.Error.WriteLine($"The password goes to {address.Host} in clear text, and others on the way can read it.");
        return (ServerConnection.To(address, user, secret), ExitCode.Success);
    }

    private static int Fail(ServerConnection server, ServerAnswer answer) => Fail(
        answer.Status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NotPermitted,
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => ExitCode.Unavailable,
            >= HttpStatusCode.InternalServerError or HttpStatusCode.NotFound => ExitCode.Failure,
            _ => ExitCode.InvalidInput,
        },
        answer.Object.Text("detail") is { Length: > 0 } detail
            ? detail : $"{server.Name} answers {(int)answer.Status}: it is no dispatcher with this API.");

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine($"teal: {message}");
        return exitCode;
    }
}
