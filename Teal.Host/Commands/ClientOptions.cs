using System.CommandLine;
using Teal.Client;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Identities;
using Teal.Core.Wire;
using Teal.Host.Configuration;

namespace Teal.Host.Commands;

/// <summary>The options and the manners that all commands share which wait for events.</summary>
internal static class ClientOptions
{
    // Of versions before, and of this one.
    private static readonly int[] CursorLengths = [14, 26];

    private const string UserVariable = "TEAL_USER";

    private static readonly Option<string> Password =
        new("--password") { Description = "The account's password, key or one-time password (default: TEAL_PASSWORD)" };

    private static readonly Option<string> User = new("--user")
    {
        Description = $"The account (default: {UserVariable}, else anonymous; a key says itself whose it is)",
    };

    private static readonly Option<string[]> AllowHost = new("--allow-host")
    {
        Description =
            "Another host that the password may be sent to, where the dispatcher's metadata names one; may be given several times",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object a line" };

    private static readonly Option<bool> Once = new("--once") { Description = "End after the first event, with exit code 0" };

    private static readonly Option<string> Since = new("--since")
    {
        Description =
            "Show also what was kept since: earliest, a time such as 2026-12-31T23:59:59, how long ago, such as 10min, " +
            "or an event's cursor",
    };

    /// <summary>Adds the options to a command.</summary>
    public static void AddTo(Command command)
    {
        command.Add(DispatcherOption.WithUsual);
        command.Add(User);
        command.Add(Password);
        command.Add(AllowHost);
        command.Add(Json);
        command.Add(Once);
        command.Add(Since);
    }

    /// <summary>Says what is wrong with the command line.</summary>
    public static Task<int> FailAsync(string message)
    {
        Console.Error.WriteLine($"teal: {message}");
        return Task.FromResult(ExitCode.Usage);
    }

    /// <summary>Prints what comes until Ctrl-C, or with <c>--once</c> until the first event.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="listen">Asks for it.</param>
    /// <param name="introduce">What is printed once the server has confirmed the registration.</param>
    /// <param name="introduceAsJson">The same for <c>--json</c>.</param>
    public static Task<int> RunAsync(
        ParseResult result,
        Func<TealClient, From, CancellationToken, IAsyncEnumerable<TealEvent>> listen,
        Func<Installation, string> introduce,
        Func<Installation, string> introduceAsJson) =>
        RunAsync(
            result, (client, from, stop) => PrintAsync(listen(client, from, stop), IsJson(result), IsOnce(result)),
            introduce, introduceAsJson);

    /// <summary>Whether it is to print JSON.</summary>
    public static bool IsJson(ParseResult result) => result.GetValue(Json);

    /// <summary>Whether it is to end after the first event.</summary>
    public static bool IsOnce(ParseResult result) => result.GetValue(Once);

    /// <summary>Does something with events until Ctrl-C, or until that is over.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="work">Does it, from where <c>--since</c> says.</param>
    /// <param name="introduce">What is printed once the server has confirmed the registration.</param>
    /// <param name="introduceAsJson">The same for <c>--json</c>.</param>
    /// <param name="hear">Hears what becomes of the connection; null: what is told people does.</param>
    public static async Task<int> RunAsync(
        ParseResult result, Func<TealClient, From, CancellationToken, Task> work, Func<Installation, string> introduce,
        Func<Installation, string> introduceAsJson, Action<ConnectionChange>? hear = null)
    {
        DispatcherOption.Read(result, DispatcherOption.WithUsual, out var address, out var fault);
        if (fault is not null) return await FailAsync(fault);

        var hosts = new List<string>();
        foreach (var host in result.GetValue(AllowHost) ?? [])
        {
            if (!HttpUrl.TryParse($"https://{host}", out var allowed, out _) || allowed!.Host != host)
                return await FailAsync("--allow-host must be a host alone, such as teal.example.org.");
            hosts.Add(allowed.AsciiHost);
        }

        if (!TryReadSince(result.GetValue(Since), out var from))
            return await FailAsync(
                "--since must be earliest, a time such as 2026-12-31T23:59:59, how long ago, such as 10min, or an event's cursor.");

        var password = result.GetValue(Password) ?? Environment.GetEnvironmentVariable("TEAL_PASSWORD") ?? "";
        if (SettingTexts.PasswordFault(password) is { } wrong) return await FailAsync($"the password {wrong}.");

        if (!TryReadUser(result, out var user)) return await FailAsync($"--user must be {AccountName.Form}.");

        using var interruption = new Interruption();
        var isJson = IsJson(result);
        var dispatcher = address!;
        var client = new TealClient(dispatcher, new TealClientOptions { User = user, Password = password, AllowedHosts = hosts });
        var (isReady, isClearTextTold) = (false, false);
        client.ConnectionChanged += (_, change) =>
        {
            if (isReady) hear?.Invoke(change);
            switch (change)
            {
                case ConnectionChange.Connecting { Installation: { IsClearText: true } installation } when !isClearTextTold:
                    Notice(ClientText.WarnOfClearText(installation));
                    isClearTextTold = true;
                    break;
                case ConnectionChange.Connected when isReady:
                    Notice("Connected again.");
                    break;
                case ConnectionChange.Connected(var installation):
                    StandardOutput.WriteLine(isJson
                        ? introduceAsJson(installation)
                        : $"{introduce(installation)}\n\nThe received events will be displayed hereafter:\n");
                    isReady = true;
                    break;
                case ConnectionChange.Broken(var reason, var wait):
                    Notice($"{ClientText.Describe(reason, dispatcher)}; trying again in {wait.TotalSeconds:0.0} s.");
                    break;
            }
        };

        try
        {
            return await RunAsync(stop => work(client, from, stop), interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return interruption.ExitCode;
        }
        catch (StandardOutputException exception)
        {
            return StandardOutput.Fail(exception);
        }
        catch (TealException exception)
        {
            var isRefusal = exception.Fault is TealFault.Unauthorized or TealFault.CredentialsOver;
            Notice(exception.Fault == TealFault.Unauthorized && password.Length == 0
                ? "teal: no password was given, and the dispatcher wants one. " +
                    "Set TEAL_PASSWORD to what 'teal serve' printed, or to its Teal:Dispatcher:Password."
                : $"teal: {ClientText.Describe(exception, dispatcher)}");
            return isRefusal ? ExitCode.NotPermitted : ExitCode.Failure;
        }
    }

    // Empty: the client knows what is meant then.
    private static bool TryReadUser(ParseResult result, out string user)
    {
        var text = result.GetValue(User) ?? Environment.GetEnvironmentVariable(UserVariable) ?? "";
        var isName = AccountName.TryParse(text, out var name);
        user = name ?? "";
        return isName || text.Length == 0;
    }

    private static async Task PrintAsync(IAsyncEnumerable<TealEvent> events, bool isJson, bool isOnce)
    {
        await foreach (var @event in events)
        {
            if (@event is Gap) Notice("Some events are missing here: the server does not keep them any more.");
            if (!EventText.Knows(@event.Type)) continue;

            StandardOutput.WriteLine(isJson ? EventText.OneLine(@event.Json) : $"---\n\n{EventText.Describe(@event.Json)}\n");
            if (isOnce) return;
        }
    }

    // Events may be long in coming: who prints for nobody ends before the next one.
    private static async Task<int> RunAsync(Func<CancellationToken, Task> print, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = print(stop.Token);
        var unread = StandardOutput.WhenUnreadAsync(stop.Token);
        var isUnread = await Task.WhenAny(running, unread) == unread && unread.IsCompletedSuccessfully;
        if (!isUnread) await running;
        await stop.CancelAsync();
        await Task.WhenAll(running, unread).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return isUnread ? ExitCode.NobodyReads : ExitCode.Success;
    }

    /// <summary>Tells people something, of which a stranger may have said a part.</summary>
    public static void Notice(string text) => Console.Error.WriteLine(EventText.Printable(text));

    private static bool TryReadSince(string? text, out From from)
    {
        from = new From(text);
        if (text is null or "earliest" || IsoInstant.TryParse(text, out _)) return true;
        if (!SettingQuantities.TryDuration(text, out var ago))
            return CursorLengths.Contains(text.Length) && text.All(char.IsAsciiHexDigitLower);

        from = From.Instant(TimeProvider.System.GetUtcNow() - ago);
        return true;
    }
}
