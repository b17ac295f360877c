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

    [TestCase("Records:MaximumRecords", "0", "a whole number from 1 to 10000000")]
    [TestCase("Records:MaximumRecords", "10000001", "a whole number from 1 to 10000000")]
    [TestCase("Records:MaximumRecordSize", "1023", "a size from 1024 bytes to 1048576 bytes")]
    [TestCase("Records:MaximumRecordSize", "1025 KiB", "a size from 1024 bytes to 1048576 bytes")]
    public void Value_BeyondItsBounds_IsRefusedWithThem(string key, string text, string bounds)
    {
        var setting = SettingCatalogue.All.Single(setting => setting.Key == key);

        setting.Type.Apply(new TealOptions(), text).Should().Be($"must be {bounds}");
    }

    private static IEnumerable<string> KeysWithDefault() =>
        SettingCatalogue.All.Where(static setting => SettingCatalogue.DefaultOf(setting).Length > 0).Select(static setting => setting.Key);
}
