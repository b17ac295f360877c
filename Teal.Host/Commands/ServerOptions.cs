using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Teal.Core.Identities;
using Teal.Host.Administration;
using Teal.Host.Configuration;

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

    // The setting, as an option: what follows it is no argument of the command.
    private static readonly Option<string> DataDirectory =
        new("--DataDirectory") { Description = "The data folder of the server on this machine (default: as the settings say)" };

    /// <summary>Adds the options to a command.</summary>
    public static Command With(Command command)
    {
        command.Add(DataDirectory);
        command.Add(DispatcherOption.Optional);
        command.Add(User);
        command.Add(Json);
        return command;
    }

    /// <summary>Asks for something, and prints what came of it. Returns the exit code.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="print">The text for what the server did; not asked with <c>--json</c>.</param>
    /// <param name="write">
    /// Writes the members of the object that <c>--json</c> prints; null: that is what the server answered.
    /// </param>
    public static async Task<int> RunAsync(
        ParseResult result, Func<ServerConnection, Task<ServerAnswer>> ask, Func<JsonElement, string> print,
        Action<Utf8JsonWriter, JsonElement>? write = null)
    {
        var (server, exitCode) = Connect(result);
        if (server is null) return exitCode;

        try
        {
            var answer = await ask(server);
            if (!answer.IsSuccess) return Fail(server, answer);

            if (write is not null && result.GetValue(Json)) answer = answer.With(json => write(json, answer.Object));
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
        finally
        {
            server.Dispose();
        }
    }

    /// <summary>
    /// Whether a command that can do without a server is to ask one: it was told an address, or one runs with the data folder.
    /// </summary>
    public static bool IsForServer(ParseResult result)
    {
        ReadAddress(result, out var address, out var fault);
        return address is not null || fault is not null || result.GetValue(User) is not null
            || (TryReadSettings(result, out var options, out _) && SocketPlace.IsAnswered(options.Sqlite.DataDirectory));
    }

    /// <summary>The settings of the server, which say where its data folder is. False: what is wrong was said.</summary>
    public static bool TryReadSettings(ParseResult result, out TealOptions options, out int exitCode)
    {
        string[] folder = result.GetValue(DataDirectory) is { } path ? ["--DataDirectory", path] : [];
        return ServerSettings.TryRead([.. folder, .. result.UnmatchedTokens], out options, out _, out exitCode, isServing: false);
    }

    /// <summary>Prints what came of a command that asked no server.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="write">Writes the members of the object that <c>--json</c> prints.</param>
    /// <param name="text">The text for people.</param>
    public static void Print(ParseResult result, Action<Utf8JsonWriter> write, string text) =>
        StandardOutput.WriteLine(result.GetValue(Json) ? Encoding.UTF8.GetString(JsonObject.Write(write).Span) : text);

    // Null: there is none, which was said, and the exit code tells it.
    private static (ServerConnection? Server, int ExitCode) Connect(ParseResult result)
    {
        ReadAddress(result, out var address, out var fault);
        if (fault is not null) return (null, Fail(ExitCode.Usage, fault));
        if (address is not null) return ConnectTo(address, result);
        if (result.GetValue(User) is not null) return (null, Fail(ExitCode.Usage, "--user means something with --dispatcher alone."));
        if (!TryReadSettings(result, out var options, out var exitCode)) return (null, exitCode);
        if (SocketPlace.Find(options.Sqlite.DataDirectory) is { } path) return (ServerConnection.ToSocket(path), ExitCode.Success);
        return (null, Fail(
            ExitCode.Unavailable,
            $"no server of Teal runs with the data folder {Path.GetFullPath(options.Sqlite.DataDirectory)}, or it has no socket there. " +
            "Name its folder, as in --DataDirectory /var/lib/teal, or the address of a dispatcher with --dispatcher."));
    }

    // Whoever names a folder means this machine, whatever the environment says.
    private static void ReadAddress(ParseResult result, out Uri? address, out string? fault)
    {
        (address, fault) = (null, null);
        var isHere = result.GetResult(DataDirectory) is not null;
        if (isHere && result.GetValue(DispatcherOption.Optional) is not null)
            fault = "--DataDirectory and --dispatcher exclude each other.";
        else if (!isHere)
            DispatcherOption.Read(result, DispatcherOption.Optional, out address, out fault);
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
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => ExitCode.InvalidInput,
            _ => ExitCode.Failure,
        },
        answer.Object.Text("detail") is { Length: > 0 } detail
            ? detail : $"{server.Name} answers {(int)answer.Status}: it is no dispatcher with this API.");

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine($"teal: {message}");
        return exitCode;
    }
}
