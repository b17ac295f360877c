using Teal.Host.Configuration;

namespace Teal.Tests.Documents;

internal sealed class ReadmeTests
{
    private const string Readme = "README.md";

    [Test]
    public void ConfigurationTable_HasRowsOfTheSettingCatalogue()
    {
        var shown = SettingRows.In(Readme).Select(static row => row.Split('`')[1]).ToArray();
        var expected = SettingCatalogue.All.Where(setting => shown.Contains(setting.Key)).Select(SettingRows.Of).ToArray();

        if (Repository.IsWritten) SettingRows.Replace(Readme, expected);

        SettingRows.In(Readme).Should().Equal(expected).And.HaveCountGreaterThan(5);
    }

    [Test]
    public void ExitCodeTable_NamesEveryExitCode()
    {
        var codes = typeof(Teal.Host.Commands.ExitCode).GetFields().Select(field => (int)field.GetRawConstantValue()!);

        var readme = Repository.ReadLines(Readme);

        codes.Should().OnlyContain(code => readme.Any(line => line.StartsWith($"| {code} |", StringComparison.Ordinal)));
    }
}
