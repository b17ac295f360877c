using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Teal.Core.Hosting;

namespace Teal.Host.Commands;

/// <summary>The program's commands (specification 6).</summary>
internal static class CommandLine
{
    private static readonly string[] OptionsOfTheProgram = ["--help", "-h", "-?", "--version"];

    /// <summary>Runs the program; returns its exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Receives web callbacks at a public address, and pushes them to the programs that wait for them.")
        {
            ServeCommand.Create(),
            BindCommand.Create(),
            ListenCommand.Create(),
            StateCommand.Create(),
            HashCommand.Create(),
            AccountCommand.Create(),
            KeyCommand.Create(),
            TicketCommand.Create(),
            WebhookCommand.Create(),
            ForwardCommand.Create(),
            PurgeCommand.Create(),
            StatusCommand.Create(),
            HealthCommand.Create(),
            VersionCommand(),
        };

        foreach (var help in root.Options.OfType<HelpOption>()) help.Action = new ServeHelp((HelpAction)help.Action!);

        var result = root.Parse(WithCommand(args));
        if (result.Action is ParseErrorAction) return FailAsync(result);

        return InvokeAsync(result);
    }

    private static async Task<int> InvokeAsync(ParseResult result)
    {
        await using var output = new StandardOutputWriter();
        try
        {
            // Each command sees to its own orderly end.
            return await result.InvokeAsync(
                new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false, Output = output });
        }
        catch (StandardOutputException exception)
        {
            return StandardOutput.Fail(exception);
        }
    }

    // As some have it beside the option.
    private static Command VersionCommand()
    {
        var command = new Command("version", "Shows the version, as --version does.");
        command.SetAction(static result => result.InvocationConfiguration.Output.WriteLine(TealVersion.Text));
        return command;
    }

    private static Task<int> FailAsync(ParseResult result)
    {
        var command = NameOf(result.CommandResult);
        var token = result.UnmatchedTokens.Count > 0 ? result.UnmatchedTokens[0] : null;
        var complaint = token is null ? result.Errors[0].Message.TrimEnd('.') : $"'{token}' is neither a command nor an option";
        return ClientOptions.FailAsync($"{complaint}; '{command} --help' lists what there is.");
    }

    // With those that it belongs to, as it is typed.
    private static string NameOf(CommandResult command) => command switch
    {
        { Command: RootCommand } => "teal",
        { Parent: CommandResult parent } => $"{NameOf(parent)} {command.Command.Name}",
        _ => command.Command.Name,
    };

    // No command is «serve».
    private static string[] WithCommand(string[] args) =>
        args.Length == 0 || (args[0].StartsWith("--", StringComparison.Ordinal) && !OptionsOfTheProgram.Contains(args[0]))
            ? [ServeCommand.Name, .. args] : args;
}
