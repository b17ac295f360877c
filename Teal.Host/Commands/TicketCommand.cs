using System.CommandLine;

namespace Teal.Host.Commands;

/// <summary><c>teal ticket</c>: a ticket for one websocket or event stream of a browser.</summary>
internal static class TicketCommand
{
    private static readonly Option<string> Origin =
        new("--origin") { Description = "The origin of the page that alone may use it, such as https://app.example.org" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = ServerOptions.With(
            new Command("ticket", "Makes a ticket, which opens one websocket within seconds: ?ticket=…") { KeyCommand.Account, Origin });
        command.SetAction((result, _) => ServerOptions.RunAsync(
            result,
            server => server.SendAsync(HttpMethod.Post, "/tickets", json =>
            {
                if (result.GetValue(KeyCommand.Account) is { } account) json.WriteString("account", account);
                if (result.GetValue(Origin) is { } origin) json.WriteString("origin", origin);
            }),
            static ticket => ticket.Text("ticket")));
        return command;
    }
}
