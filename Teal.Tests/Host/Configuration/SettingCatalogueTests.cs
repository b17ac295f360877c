using Teal.Host.Configuration;

namespace Teal.Tests.Host.Configuration;

internal sealed class SettingCatalogueTests
{
    [TestCaseSource(nameof(KeysWithDefault))]
    public void Default_OfASetting_IsReadAsItIsWritten(string key)
    {
        var setting = SettingCatalogue.All.Single(setting => setting.Key == key);
        var options = new TealOptions();

        setting.Type.Apply(options, SettingCatalogue.DefaultOf(setting)).Should().BeNull();
        setting.Type.Write!(options).Should().Be(SettingCatalogue.DefaultOf(setting));
    }

    [TestCase("PublishTimeout", "90 s")]
    [TestCase("PublishTimeout", "1500 ms")]
    [TestCase("Journal:TraceRetention", "36 h")]
    [TestCase("Journal:MaximumSizePerTopic", "1536 B")]
    [TestCase("Journal:MaximumSizePerTopic", "3 KiB")]
    [TestCase("Modules", "Dispatcher")]
    public void Value_ThatWasRead_IsWrittenAsTheSame(string key, string text)
    {
        var setting = SettingCatalogue.All.Single(setting => setting.Key == key);
        var options = new TealOptions();

        setting.Type.Apply(options, text).Should().BeNull();
        setting.Type.Write!(options).Should().Be(text);
    }

    private static IEnumerable<string> KeysWithDefault() =>
        SettingCatalogue.All.Where(static setting => SettingCatalogue.DefaultOf(setting).Length > 0).Select(static setting => setting.Key);
}
