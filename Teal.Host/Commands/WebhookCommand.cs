using System.CommandLine;
using System.Text.Json;
using Teal.Webhooks.Directory;

namespace Teal.Host.Commands;

/// <summary><c>teal webhook</c>: webhooks at a running server.</summary>
internal static class WebhookCommand
{
    private const string Path = "/webhooks";

    private static readonly string[] Headings = ["NAME", "PROVIDER", "ENABLED", "KEPT IN", "URL"];

    private static readonly Option<string> Team = new("--team") { Description = "Whose it is, for administrators (default: one's own)" };

    private static readonly Argument<string> Name = new("name") { Description = "What you call it, such as github-prod" };

    /// <summary>The command.</summary>
    public static Command Create() =>
        new("webhook", "Manages webhooks at a running server, and checks signatures.")
        {
            Add(), List(), Show(), Rotate(), Remove(), WebhookCheckCommand.CreateSign(), WebhookCheckCommand.CreateVerify(),
        };

    private static Command Add()
    {
        var provider = new Option<string>("--provider") { Description = "Who sends, such as github, stripe or none", Required = true };
        var hasSecret = new Option<bool>("--secret")
        {
            Description = "Ask for the provider's secret: its lines from standard input, or from the terminal",
        };
        var verifyToken = new Option<string>("--verify-token") { Description = "What the provider says when it asks (meta)" };
        var path = new Option<string>("--path") { Description = "What stands behind /hook/, for administrators (default: random)" };
        var isLenient = new Option<bool>("--no-enforce") { Description = "Let in what is not signed, too" };
        var hasSubpaths = new Option<bool>("--subpaths") { Description = "Take further segments behind the address" };
        var isDisabled = new Option<bool>("--disable") { Description = "Take nothing" };
        var command = ServerOptions.With(new Command("add", "Makes a webhook, or replaces the one of that name, and shows its address.")
        {
            Name, provider, hasSecret, verifyToken, path, isLenient, hasSubpaths, isDisabled, Team,
        });
        command.SetAction((result, _) =>
        {
            IReadOnlyList<string> secrets = result.GetValue(hasSecret) ? ReadSecrets() : [];
            return ServerOptions.RunAsync(
                result,
                server => server.SendAsync(HttpMethod.Put, PathOf(result), json =>
                {
                    json.WriteString("provider", result.GetRequiredValue(provider));
                    json.WriteStartArray("secrets");
                    foreach (var secret in secrets) json.WriteStringValue(secret);
                    json.WriteEndArray();
                    if (result.GetValue(verifyToken) is { } token) json.WriteString("verify_token", token);
                    if (result.GetValue(path) is { } chosen) json.WriteString("path", chosen);
                    json.WriteBoolean("enforce", !result.GetValue(isLenient));
                    json.WriteBoolean("subpaths", result.GetValue(hasSubpaths));
                    json.WriteBoolean("enabled", !result.GetValue(isDisabled));
                }),
                static webhook =>
                {
                    Console.Error.WriteLine($"This is the address of {webhook.Text("name")} for {webhook.Text("provider")}:");
                    return webhook.Text("url");
                });
        });
        return command;
    }

    private static Command List()
    {
        var command = ServerOptions.With(new Command("list", "Lists the webhooks of a team.") { Team });
        command.SetAction((result, _) => ServerOptions.RunAsync(
            result, server => server.ListAsync(Path + QueryOf(result), "webhooks"),
            static answer => TextTable.Render(Headings, [.. answer.Items("webhooks").Select(Row)])));
        return command;
    }

    private static Command Show()
    {
        var command = ServerOptions.With(new Command("show", "Shows a webhook, without its secrets.") { Name, Team });
        command.SetAction((result, _) => ServerOptions.RunAsync(
            result, server => server.SendAsync(HttpMethod.Get, PathOf(result)), Describe));
        return command;
    }

    private static Command Rotate()
    {
        var hasNewUrl = new Option<bool>("--url") { Description = "Give it another address, and end the one it has" };
        var keep = new Option<int>("--keep")
        {
            Description = "How many of the former secrets go on to count",
            DefaultValueFactory = static _ => 1,
        };
        var command = ServerOptions.With(new Command(
            "rotate", "Gives a webhook another secret, from standard input or the terminal; or another address.")
        {
            Name, hasNewUrl, keep, Team,
        });
        command.SetAction((result, _) =>
        {
            IReadOnlyList<string> secrets = result.GetValue(hasNewUrl) ? [] : ReadSecrets();
            if (!result.GetValue(hasNewUrl) && secrets.Count != 1) return ClientOptions.FailAsync("one secret is needed, on one line.");

            return ServerOptions.RunAsync(
                result,
                server => server.SendAsync(HttpMethod.Post, PathOf(result, "/rotate"), json =>
                {
                    if (secrets.Count > 0) json.WriteString("secret", secrets[0]);
                    if (secrets.Count > 0) json.WriteNumber("keep", result.GetValue(keep));
                    json.WriteBoolean("url", result.GetValue(hasNewUrl));
                }),
                webhook => secrets.Count > 0 ? $"{webhook.Text("name")} takes {Count(webhook)} now." : webhook.Text("url"));
        });
        return command;
    }

    private static Command Remove()
    {
        var command = ServerOptions.With(new Command("remove", "Removes a webhook, and forgets its events.") { Name, Team });
        command.SetAction((result, _) => ServerOptions.RunAsync(
            result, server => server.SendAsync(HttpMethod.Delete, PathOf(result)),
            _ => $"The webhook {EventText.Printable(result.GetRequiredValue(Name))} was removed."));
        return command;
    }

    private static string PathOf(ParseResult result, string behind = "") =>
        $"{Path}/{Uri.EscapeDataString(result.GetRequiredValue(Name))}{behind}{QueryOf(result)}";

    private static string QueryOf(ParseResult result) =>
        result.GetValue(Team) is { } team ? $"?team={Uri.EscapeDataString(team)}" : "";

    // No secret is ever an argument: others of the machine see those.
    private static IReadOnlyList<string> ReadSecrets()
    {
        if (Terminal.ReadAll() is { } text) return SecretLines.Split(text);

        return Terminal.ReadSecret("Secret: ") is { Length: > 0 } typed ? [typed] : [];
    }

    private static string[] Row(JsonElement webhook) =>
    [
        webhook.Text("name"), webhook.Text("provider"), webhook.YesOrNo("enabled"), webhook.Text("origin"), webhook.Text("url"),
    ];

    private static string Describe(JsonElement webhook) => $"""
        Name      {webhook.Text("name")}
        Team      {webhook.Text("team")}
        URL       {webhook.Text("url")}
        Provider  {webhook.Text("provider")}, {Count(webhook)}
        Enforced  {webhook.YesOrNo("enforce")}
        Methods   {string.Join(", ", webhook.Texts("methods"))}
        Subpaths  {webhook.YesOrNo("subpaths")}
        Enabled   {webhook.YesOrNo("enabled")}
        Kept in   {webhook.Text("origin")}
        """.ReplaceLineEndings("\n");

    private static string Count(JsonElement webhook) =>
        webhook.Number("secrets") is var number && number == 1 ? "1 secret" : $"{number} secrets";
}
