using Teal.Host.Configuration;
using Teal.Tests.Support;

namespace Teal.Tests.Documents;

internal sealed class ReadmeTests
{
    private const string Header = "| key under `Teal` | default | meaning |";

    [Test]
    public void ConfigurationTable_IsTheSettingCatalogue()
    {
        var expected = SettingCatalogue.All.Select(Row).ToArray();

        // Without the environment variable the rows are compared; with it they are written, as CONTRIBUTING.md tells.
        if (Environment.GetEnvironmentVariable("TEAL_WRITE_DOCUMENTS") == "1") Write(expected);

        Rows(File.ReadAllLines(ReadmePath)).Should().Equal(expected);
    }

    [Test]
    public void ExitCodeTable_NamesEveryExitCode()
    {
        var codes = typeof(Teal.Host.Commands.ExitCode).GetFields().Select(field => (int)field.GetRawConstantValue()!);

        var readme = File.ReadAllLines(ReadmePath);

        codes.Should().OnlyContain(code => readme.Any(line => line.StartsWith($"| {code} |", StringComparison.Ordinal)));
    }

    private static string ReadmePath => Path.Combine(TealProcess.Metadata("RepositoryRoot"), "README.md");

    private static string Row(Setting setting) =>
        $"| `{setting.Key}` | {(setting.Default.Length > 0 ? $"`{setting.Default}`" : "none")} | {setting.Meaning} |";

    private static IEnumerable<string> Rows(string[] readme) =>
        readme.Skip(FirstRow(readme)).TakeWhile(line => line.StartsWith('|'));

    // Behind the header stands the line that makes it one.
    private static int FirstRow(string[] readme) => Array.IndexOf(readme, Header) + 2;

    private static void Write(string[] rows)
    {
        var readme = File.ReadAllLines(ReadmePath);
        var first = FirstRow(readme);
        File.WriteAllLines(ReadmePath, [.. readme[..first], .. rows, .. readme.Skip(first + Rows(readme).Count())]);
    }
}
