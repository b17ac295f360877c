using Teal.Host.Configuration;

namespace Teal.Tests.Documents;

internal sealed class ConfigurationPageTests
{
    private const string Page = "docs/configuration.md";

    [Test]
    public void Table_IsTheSettingCatalogue()
    {
        var expected = SettingCatalogue.All.Select(SettingRows.Of).ToArray();

        if (Repository.IsWritten) SettingRows.Replace(Page, expected);

        SettingRows.In(Page).Should().Equal(expected);
    }

    [Test]
    public void AliasTable_HasEveryAlias()
    {
        var expected = SettingCatalogue.All
            .SelectMany(static setting => setting.Aliases, static (setting, alias) => $"| `{alias}` | `{setting.Key}` |");

        Repository.ReadLines(Page).Should().Contain(expected);
    }
}
