using System.CommandLine;

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
        };

        // Each command sees to its own orderly end.
        return root.Parse(WithCommand(args)).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    // No command is «serve».
    private static string[] WithCommand(string[] args) =>
        args.Length == 0 || (args[0].StartsWith("--", StringComparison.Ordinal) && !OptionsOfTheProgram.Contains(args[0]))
            ? [ServeCommand.Name, .. args] : args;
}
