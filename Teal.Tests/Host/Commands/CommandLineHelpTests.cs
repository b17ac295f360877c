using Teal.Tests.Support;

namespace Teal.Tests.Host.Commands;

internal sealed class CommandLineHelpTests
{
    [TestCase("nonsense", "'nonsense' is neither a command nor an option; 'teal --help' lists what there is.")]
    [TestCase("listen ciba", "Required argument missing for command: 'ciba'; 'teal listen ciba --help' lists what there is.")]
    [TestCase(
        "state encode --nonsense", "'--nonsense' is neither a command nor an option; 'teal state encode --help' lists what there is.")]
    [TestCase("bind --nonsense", "'--nonsense' is neither a command nor an option; 'teal bind --help' lists what there is.")]
    public async Task Run_UnknownArgument_EndsWithUsageAndOneLine(string arguments, string complaint)
    {
        var (exitCode, output, errors) = await RunAsync(arguments);

        (exitCode, output, errors).Should().Be((64, "", $"teal: {complaint}\n"));
    }

    [TestCase("--help", false)]
    [TestCase("serve --help", true)]
    [TestCase("bind --help", false)]
    public async Task Run_Help_ListsTheSettingsForServeAlone(string arguments, bool listsSettings)
    {
        var (exitCode, output, _) = await RunAsync(arguments);

        exitCode.Should().Be(0);
        output.Contains("Listener:PublicUrl", StringComparison.Ordinal).Should().Be(listsSettings);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string arguments)
    {
        using var folder = new TemporaryFolder();
        await using var process = TealProcess.Run(folder.Path, arguments.Split(' '));
        var exitCode = await process.WaitAsync();
        return (exitCode, process.Output, process.Errors);
    }
}
