using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Teal.Client;
using Teal.Client.Forwarding;
using Teal.Core.Configuration;

namespace Teal.Host.Commands;

/// <summary><c>teal forward</c>: gives what comes to a webhook to a local server.</summary>
internal static class ForwardCommand
{
    // After BSD's sysexits: the target was never there; nothing came.
    private const int NoTarget = ExitCode.Unavailable, NothingCame = 75;

    private static readonly Argument<string> Name = new("name") { Description = "The webhook, such as github-prod" };

    private static readonly Argument<string> Target = new("target")
    {
        Description = "The local server: a port, host:port or a URL, each with a path or without, such as 3000/hooks",
    };

    private static readonly Option<string[]> Header = new("--header", "-H")
    {
        Description = "A header that is set ('K: V') or taken away ('K:'); may be given several times",
    };

    private static readonly Option<bool> AppendsPath = new("--append-path")
    {
        Description = "Append what stands behind the webhook's address in the request's path",
    };

    private static readonly Option<bool> PreservesHost =
        new("--preserve-host") { Description = "Send the Host that the request came with" };

    private static readonly Option<bool> IsInsecure = new("--insecure") { Description = "Take any certificate of the target" };

    private static readonly Option<string> Timeout = Duration("--timeout", "How long an answer may take (default: 30s)");

    private static readonly Option<string> Retries = new("--retries")
    {
        Description = "How often an event is tried again after a 408, 425, 429, 5xx or no answer: a number, or forever (default: 5)",
    };

    private static readonly Option<OnFailure> Failure = new("--on-failure")
    {
        Description = "What becomes of an event that was not taken: skip (default), stop with exit code 1, or retry",
    };

    private static readonly Option<string> CursorPath = new("--cursor-file")
    {
        Description = "A file that remembers how far it came: the next start goes on there, also after a kill",
    };

    private static readonly Option<int?> Count = new("--count") { Description = "End after so many events" };

    private static readonly Option<string> ExitAfter =
        Duration("--exit-after", "End after that time; with exit code 75 where nothing came");

    private static readonly Option<string> WaitForTarget =
        Duration("--wait-for-target", "Wait so long for the target first; with exit code 69 where it does not come");

    private static readonly Option<bool> FailsOnGap = new("--fail-on-gap")
    {
        Description = "End with exit code 1 where the server does not keep some events any more",
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var webhook = new Command(
            "webhook", "Forwards what comes to a webhook. Exit codes: 0 got what was asked, 1 an event was not taken, 64 wrong command " +
            "line, 69 no target, 75 nothing came, 77 refused, 130 and 143 by signals.")
        {
            Name, Target, Header, AppendsPath, PreservesHost, IsInsecure, Timeout, Retries, Failure, CursorPath, Count, ExitAfter,
            WaitForTarget, FailsOnGap,
        };
        ClientOptions.AddTo(webhook);
        webhook.SetAction((result, _) => RunAsync(result));
        return new Command("forward", "Gives what arrives to a local server, as the requests that came.") { webhook };
    }

    private static Option<string> Duration(string name, string description) => new(name) { Description = description };

    private static async Task<int> RunAsync(ParseResult result)
    {
        if (TryRead(result, out var options) is { } fault) return await ClientOptions.FailAsync(fault);
        if (!TryReadDuration(result, ExitAfter, out var exitAfter)) return await ClientOptions.FailAsync(NoDuration(ExitAfter));
        if (!TryReadDuration(result, WaitForTarget, out var patience)) return await ClientOptions.FailAsync(NoDuration(WaitForTarget));
        if (patience is { } most && !await IsThereAsync(options!.Target, most))
        {
            ClientOptions.Notice($"teal: {options.Target} did not come within {most.TotalSeconds:0.#} s.");
            return NoTarget;
        }

        var file = result.GetValue(CursorPath) is { } path ? new CursorFile(path) : null;
        var limit = ClientOptions.IsOnce(result) ? 1 : result.GetValue(Count);
        using var report = new ForwardReport(ClientOptions.IsJson(result), file, limit, result.GetValue(FailsOnGap));
        var topic = Topic.Webhook(result.GetRequiredValue(Name));
        try
        {
            var exitCode = await ClientOptions.RunAsync(
                result, (client, from, stop) => ForwardAsync(client, options!, topic, Begin(file, from), report, exitAfter, stop),
                _ => $"Forwarding.\n\n* Webhook: {EventText.Printable(topic.Key)}\n* Target: {options!.Target}",
                _ => ForwardReport.Ready(topic, options!.Target), report.Hear);
            report.End();
            if (exitCode != ExitCode.Success) return exitCode;
            if (report.HasFailed) return ExitCode.Failure;

            return exitAfter is not null && report.Delivered == 0 ? NothingCame : ExitCode.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ClientOptions.Notice($"teal: the cursor file cannot be used: {exception.Message}");
            return ExitCode.NotWritable;
        }
    }

    private static From Begin(CursorFile? file, From from) => file?.Read() is { } cursor ? From.Cursor(cursor) : from;

    private static async Task ForwardAsync(
        TealClient client, ForwardOptions options, Topic topic, From from, ForwardReport report, TimeSpan? exitAfter,
        CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, report.Over);
        if (exitAfter is { } time) end.CancelAfter(time);
        try
        {
            await new Forwarder(client, options, report.Tell).RunAsync(topic, from, end.Token);
            ClientOptions.Notice("The target did not take the event. The next start with this cursor begins with it.");
            report.Fail();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // It got what was asked for, or its time is over.
        }
    }

    // Null: nothing is wrong.
    private static string? TryRead(ParseResult result, out ForwardOptions? options)
    {
        options = null;
        if (!ForwardTarget.TryParse(result.GetRequiredValue(Target), out var target, out var fault)) return $"the target must be {fault}.";
        if (!TryReadDuration(result, Timeout, out var timeout)) return NoDuration(Timeout);
        if (result.GetValue(Count) is < 1) return "--count must be 1 or more.";

        var headers = new List<KeyValuePair<string, string?>>();
        foreach (var header in result.GetValue(Header) ?? [])
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || header.Any(char.IsControl)) return "--header must be 'NAME: VALUE', or 'NAME:' to take it away.";
            headers.Add(new(header[..colon].Trim(), header[(colon + 1)..].Trim() is { Length: > 0 } value ? value : null));
        }

        int? retries = 5;
        if (result.GetValue(Retries) is { } text)
        {
            retries = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            if (retries is null && text != "forever") return "--retries must be a number, or forever.";
        }

        options = new ForwardOptions
        {
            Target = target,
            AppendsPath = result.GetValue(AppendsPath),
            PreservesHost = result.GetValue(PreservesHost),
            Headers = headers,
            Timeout = timeout ?? TimeSpan.FromSeconds(30),
            Retries = retries,
            OnFailure = result.GetValue(Failure),
            IsInsecure = result.GetValue(IsInsecure),
        };
        return null;
    }

    private static bool TryReadDuration(ParseResult result, Option<string> option, out TimeSpan? span)
    {
        span = null;
        if (result.GetValue(option) is not { } text) return true;
        if (!SettingQuantities.TryDuration(text, out var read) || read <= TimeSpan.Zero) return false;

        span = read;
        return true;
    }

    private static string NoDuration(Option<string> option) => $"{option.Name} must be a time, such as 30s.";

    private static async Task<bool> IsThereAsync(ForwardTarget target, TimeSpan patience)
    {
        using var end = new CancellationTokenSource(patience);
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(target.Url.IdnHost, target.Url.Port, end.Token);
                return true;
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return false;
    }
}
