using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Teal.Host.Administration;
using Teal.Host.Serving;

namespace Teal.Host.Commands;

/// <summary><c>teal status</c>: how a running server is doing.</summary>
internal static class StatusCommand
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = ServerOptions.With(new Command(
            "status", "Shows how a running server is doing. Exit code 0: it is ready, 69: it is not."));
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result)
    {
        var isReady = false;
        var exitCode = await ServerOptions.RunAsync(
            result,
            async server =>
            {
                var answer = await server.SendAsync(HttpMethod.Get, "/status");
                isReady = answer.Object.Text("status") == Readiness.Ready;
                return answer;
            },
            Describe);
        return exitCode == ExitCode.Success && !isReady ? ExitCode.Unavailable : exitCode;
    }

    private static string Describe(JsonElement status)
    {
        var text = new StringBuilder();
        text.AppendLine($"Teal {status.Text("version")} is {status.Text("status")}.").AppendLine();
        foreach (var module in status.Items("modules"))
        {
            var url = module.Text("public_url");
            Line(text, module.Text("name"), module.Text("url"), url.Length > 0 ? $"public {url}" : "");
        }

        var dependencies = status.Find("dependencies") ?? default;
        Line(text, "Bus", status.Text("bus"), dependencies.Text("bus"));
        Line(text, "Store", status.Text("store"), dependencies.Text("store"));
        if (status.Find("journal") is { } journal) Line(text, "Journal", $"{Count(journal, "events")} events", Size(journal, "size"));
        if (status.Find("connections") is { } connections)
        {
            Line(
                text, "Connections", $"{Count(connections, "open")} of {Count(connections, "maximum")}",
                $"{Size(connections, "waiting")} wait for clients");
        }

        Line(text, "Memory", Size(status, "memory"));
        Line(text, "Process", status.Number("process_id").ToString(CultureInfo.InvariantCulture), $"since {status.Text("started_at")}");
        return text.ToString().TrimEnd();
    }

    private static void Line(StringBuilder text, string name, params string[] parts) =>
        text.AppendLine($"  {name,-13}{string.Join(", ", parts.Where(static part => part.Length > 0))}");

    private static string Count(JsonElement value, string name) => value.Number(name).ToString("N0", CultureInfo.InvariantCulture);

    private static string Size(JsonElement value, string name)
    {
        var (size, unit) = ((double)value.Number(name), 0);
        for (; size >= 1024 && unit < Units.Length - 1; unit++) size /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {Units[unit]}");
    }
}
