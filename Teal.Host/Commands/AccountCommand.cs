using System.CommandLine;
using System.Net;
using System.Text.Json;
using Teal.Host.Administration;

namespace Teal.Host.Commands;

/// <summary><c>teal account</c>: the accounts of a running server.</summary>
internal static class AccountCommand
{
    private const string Path = "/accounts";

    private static readonly string[] Headings = ["NAME", "TEAM", "ROLE", "ENABLED", "PASSWORD", "KEPT IN"];

    private static readonly Argument<string> Name = new("name") { Description = "The account" };

    /// <summary>The command.</summary>
    public static Command Create() => new("account", "Manages the accounts of a running server.")
    {
        Add(), List(), Show(), Set(), SetPassword(), Remove(),
    };

    private static Command Add()
    {
        var command = AccountOptions.AddTo(new Command("add", "Adds an account, with a password from the terminal or standard input.")
        {
            Name, NewPassword.Generate, NewPassword.None,
        });
        command.SetAction((result, _) =>
        {
            if (!AccountOptions.TryRead(result, out var wish, out var complaint)) return ClientOptions.FailAsync(complaint);
            if (!NewPassword.TryRead(result, out var password, out complaint)) return ClientOptions.FailAsync(complaint);

            return ServerOptions.RunAsync(
                result,
                server => server.SendAsync(HttpMethod.Put, PathOf(result), json =>
                {
                    wish.Write(json, default);
                    if (password is not null) json.WriteString("password", password);
                }, tag: ""),
                account => NewPassword.Show(result, password, $"The account {account.Text("name")} was added."),
                (json, account) => WriteWithPassword(json, account, result.GetValue(NewPassword.Generate) ? password : null));
        });
        return ServerOptions.With(command);
    }

    private static Command List()
    {
        var command = ServerOptions.With(new Command("list", "Lists the accounts."));
        command.SetAction((result, _) => ServerOptions.RunAsync(
            result, static server => server.ListAsync(Path, "accounts"),
            static answer => TextTable.Render(Headings, [.. answer.Items("accounts").Select(Row)])));
        return command;
    }

    private static Command Show()
    {
        var command = ServerOptions.With(new Command("show", "Shows an account.") { Name });
        command.SetAction((result, _) => ServerOptions.RunAsync(
            result, server => server.SendAsync(HttpMethod.Get, PathOf(result)), Describe));
        return command;
    }

    private static Command Set()
    {
        var command = AccountOptions.AddTo(new Command("set", "Changes what is named of an account; all else stays.") { Name });
        command.SetAction((result, _) => AccountOptions.TryRead(result, out var wish, out var complaint)
            ? ServerOptions.RunAsync(
                result, server => ChangeAsync(server, PathOf(result), wish),
                static account => $"The account {account.Text("name")} was changed.")
            : ClientOptions.FailAsync(complaint));
        return ServerOptions.With(command);
    }

    private static Command SetPassword()
    {
        var command = ServerOptions.With(new Command("passwd", "Gives an account another password.")
        {
            Name, NewPassword.Generate, NewPassword.None,
        });
        command.SetAction((result, _) => NewPassword.TryRead(result, out var password, out var complaint)
            ? ServerOptions.RunAsync(
                result,
                server => password is null
                    ? server.SendAsync(HttpMethod.Delete, PathOf(result) + "/password")
                    : server.SendAsync(HttpMethod.Put, PathOf(result) + "/password", json => json.WriteString("password", password)),
                _ => NewPassword.Show(result, password, $"The password of {NameIn(result)} was {(password is null ? "removed" : "set")}."),
                (json, _) => WriteWithPassword(json, default, result.GetValue(NewPassword.Generate) ? password : null))
            : ClientOptions.FailAsync(complaint));
        return command;
    }

    private static Command Remove()
    {
        var command = ServerOptions.With(
            new Command("remove", "Removes an account, with its keys. What it made stays its team's.") { Name });
        command.SetAction((result, _) => ServerOptions.RunAsync(
            result, server => server.SendAsync(HttpMethod.Delete, PathOf(result)), _ => $"The account {NameIn(result)} was removed."));
        return command;
    }

    // Somebody else may change it between the two.
    private static async Task<ServerAnswer> ChangeAsync(ServerConnection server, string path, AccountOptions wish)
    {
        while (true)
        {
            var found = await server.SendAsync(HttpMethod.Get, path);
            if (!found.IsSuccess) return found;

            var answer = await server.SendAsync(HttpMethod.Put, path, json => wish.Write(json, found.Object), found.Tag);
            if (answer.Status != HttpStatusCode.PreconditionFailed) return answer;
        }
    }

    private static string NameIn(ParseResult result) => result.GetRequiredValue(Name);

    private static string PathOf(ParseResult result) => $"{Path}/{Uri.EscapeDataString(NameIn(result))}";

    private static void WriteWithPassword(Utf8JsonWriter json, JsonElement account, string? password)
    {
        if (account.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in account.EnumerateObject()) member.WriteTo(json);
        }

        if (password is not null) json.WriteString("password", password);
    }

    private static string[] Row(JsonElement account) =>
    [
        account.Text("name"), account.Text("team"), account.Text("role"), account.YesOrNo("enabled"), account.YesOrNo("has_password"),
        account.Text("origin"),
    ];

    private static string Describe(JsonElement account)
    {
        var claims = account.Find("claims") is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().Select(claim => $"{EventText.Printable(claim.Name)}={map.Text(claim.Name)}") : [];
        (string Title, IEnumerable<string> Values)[] lines =
        [
            ("Name", [account.Text("name")]),
            ("Team", [account.Text("team")]),
            ("Role", [account.Text("role")]),
            ("Permissions", account.Texts("permissions")),
            ("Redirects", account.Texts("redirects")),
            ("Claims", claims),
            ("Enabled", [account.YesOrNo("enabled")]),
            ("Password", [account.Text("password_set_at") is { Length: > 0 } since ? $"since {since}" : account.YesOrNo("has_password")]),
            ("Kept in", [account.Text("origin")]),
        ];
        return string.Join('\n', lines.SelectMany(static line => line.Values.DefaultIfEmpty("").Select(
            (value, i) => $"{(i == 0 ? line.Title : ""),-13}{(value.Length > 0 ? value : "none")}")));
    }
}
