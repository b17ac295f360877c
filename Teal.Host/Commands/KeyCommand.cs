using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Teal.Core.Configuration;

namespace Teal.Host.Commands;

/// <summary><c>teal key</c>: the API keys of accounts at a running server.</summary>
internal static class KeyCommand
{
    private const string Path = "/keys";

    private static readonly string[] Headings = ["ID", "LABEL", "PERMISSIONS", "EXPIRES", "LAST USED"];

    /// <summary><c>--account</c>.</summary>
    public static readonly Option<string> Account =
        new("--account") { Description = "Whose it is (default: who asks, with --dispatcher)" };

    /// <summary>The command.</summary>
    public static Command Create() => new("key", "Manages the API keys of accounts at a running server.") { Add(), List(), Revoke() };

    private static Command Add()
    {
        var label = new Argument<string>("label") { Description = "What you call it, such as ci" };
        var permissions = new Option<string[]>("--permission")
        {
            Description = "What may be done with it at most, such as 'read callback:*'; may be given several times (default: all)",
        };
        var lifetime = new Option<string>("--expires-in") { Description = "When it ends, such as 90d (default: never)" };
        var command = ServerOptions.With(
            new Command("add", "Makes a key, and shows it this once.") { label, Account, permissions, lifetime });
        command.SetAction((result, _) =>
        {
            var span = TimeSpan.Zero;
            if (result.GetValue(lifetime) is { } text && (!SettingQuantities.TryDuration(text, out span) || span <= TimeSpan.Zero))
                return ClientOptions.FailAsync("--expires-in must be how long it lives, such as 90d or 12h.");

            return ServerOptions.RunAsync(
                result,
                server => server.SendAsync(HttpMethod.Post, Path, json =>
                {
                    json.WriteString("label", result.GetRequiredValue(label));
                    if (result.GetValue(Account) is { } account) json.WriteString("account", account);
                    if (span > TimeSpan.Zero) json.WriteString("expires_at", InstantIn(span));
                    if (result.GetResult(permissions) is null) return;

                    json.WriteStartArray("permissions");
                    foreach (var permission in result.GetValue(permissions)!) json.WriteStringValue(permission);
                    json.WriteEndArray();
                }),
                static key =>
                {
                    Console.Error.WriteLine($"This is the key {key.Text("id")} of {key.Text("account")}. It is shown this once:");
                    return key.Text("key");
                });
        });
        return command;
    }

    private static Command List()
    {
        var command = ServerOptions.With(new Command("list", "Lists the keys of an account.") { Account });
        command.SetAction((result, _) => ServerOptions.RunAsync(
            result,
            server => server.ListAsync(
                result.GetValue(Account) is { } account ? $"{Path}?account={Uri.EscapeDataString(account)}" : Path, "keys"),
            static answer => TextTable.Render(Headings, [.. answer.Items("keys").Select(Row)])));
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "The key's id, which is no secret; the key itself will do" };
        var command = ServerOptions.With(new Command("revoke", "Revokes a key. Connections with it end within seconds.") { id });
        command.SetAction((result, _) =>
        {
            // Somebody who found one has its text.
            var text = result.GetRequiredValue(id);
            var name = text.StartsWith("teal_", StringComparison.Ordinal) && text.Split('_') is [_, var part, ..] ? part : text;
            return ServerOptions.RunAsync(
                result, server => server.SendAsync(HttpMethod.Delete, $"{Path}/{Uri.EscapeDataString(name)}"),
                _ => $"The key {EventText.Printable(name)} was revoked.");
        });
        return command;
    }

    private static string InstantIn(TimeSpan span) =>
        TimeProvider.System.GetUtcNow().Add(span).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string[] Row(JsonElement key)
    {
        string[] permissions = [.. key.Texts("permissions")];
        return
        [
            key.Text("id"), key.Text("label"), key.Find("permissions") is null ? "all" : string.Join(", ", permissions),
            key.Text("expires_at") is { Length: > 0 } end ? end : "never", key.Text("used_at") is { Length: > 0 } used ? used : "never",
        ];
    }
}
