using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using Teal.Core.Configuration;
using Teal.Host.Configuration;

namespace Teal.Tests.Documents;

/// <summary><c>docs/appsettings.schema.json</c>, read by a library that knows JSON Schema, as editors do.</summary>
internal sealed partial class ConfigurationSchemaTests
{
    private const string File = "docs/appsettings.schema.json";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly Lazy<JsonSchema> Schema = new(static () => JsonSchema.FromText(Repository.Read(File)));

    [Test]
    [Order(0)]
    public void File_IsTheSettingCatalogue()
    {
        var expected = ConfigurationSchema.Write();

        if (Repository.IsWritten) System.IO.File.WriteAllText(Repository.PathOf(File), expected);

        Repository.Read(File).Should().Be(expected);
    }

    [Test]
    public void File_IsASchemaOfItsDraft()
    {
        using var file = JsonDocument.Parse(Repository.Read(File));

        MetaSchemas.Draft7.Evaluate(file.RootElement).IsValid.Should().BeTrue();
    }

    [Test]
    public void Schema_OfTheRepositorysOwnFile_AcceptsIt() => IsAccepted(Repository.Read("appsettings.json")).Should().BeTrue();

    [Test]
    public void Schema_OfEachExampleInTheDocuments_AcceptsIt()
    {
        var examples = Repository.Documents.SelectMany(static document => JsonBlock().Matches(Repository.Read(document)))
            .Select(static match => match.Groups["json"].Value)
            .Where(static json => json.Contains("\"Teal\"", StringComparison.Ordinal))
            .ToArray();

        examples.Should().HaveCountGreaterThan(3).And.OnlyContain(static example => IsAccepted(example));
    }

    [TestCaseSource(nameof(Settings))]
    public void Schema_OfASettingsDefaultAndExample_AcceptsThem(string key)
    {
        var setting = Find(key);
        string[] texts = SettingCatalogue.DefaultOf(setting) is { Length: > 0 } preset ? [preset, setting.Example] : [setting.Example];

        texts.Should().OnlyContain(text => IsAccepted(setting, text));
    }

    [TestCase("""{"Tael":{}}""", Description = "unknown at the root")]
    [TestCase("""{"Listener":{"Url":"http://localhost:8080"}}""", Description = "not under Teal")]
    [TestCase("""{"Teal":{"Lisener":{}}}""", Description = "an unknown section")]
    [TestCase("""{"Teal":{"Listener":{"Ulr":"http://localhost:8080"}}}""", Description = "an unknown key")]
    [TestCase("""{"Teal":{"Listener":"http://localhost:8080"}}""", Description = "a section that is a text")]
    [TestCase("""{"Teal":{"Deployment":"Both"}}""", Description = "none of the names")]
    [TestCase("""{"Teal":{"Modules":"Listener"}}""", Description = "a list that is a text")]
    [TestCase("""{"Teal":{"Modules":["Listner"]}}""", Description = "none of the names in a list")]
    [TestCase("""{"Teal":{"MaximumStates":"many"}}""", Description = "a number that is a text")]
    [TestCase("""{"Teal":{"MaximumStates":0}}""", Description = "a number that is too small")]
    [TestCase("""{"Teal":{"PublishTimeout":5}}""", Description = "a duration without its unit")]
    [TestCase("""{"Teal":{"Journal":{"MaximumSize":1.5}}}""", Description = "a size that is no whole number")]
    [TestCase("""{"Teal":{"Dispatcher":{"ExposeVersion":"perhaps"}}}""", Description = "neither true nor false")]
    [TestCase("""{"Teal":{"Dispatcher":{"Password":12345678901234567890}}}""", Description = "a text that is a number")]
    [TestCase("""{"Teal":{"Listener":{"PowensSecrets":{"budgea":""}}}}""", Description = "a secret that is empty")]
    [TestCase("""{"Logging":{"LogLevel":{"Default":"Foo"}}}""", Description = "no level")]
    public void Schema_OfAFileWithAMistake_RefusesIt(string json) => IsAccepted(json).Should().BeFalse();

    // What the pattern says of a text is what the program says of it.
    [TestCase("PublishTimeout", "500 ms")]
    [TestCase("PublishTimeout", "1.5 min")]
    [TestCase("PublishTimeout", "5s")]
    [TestCase("PublishTimeout", "00:00:10")]
    [TestCase("PublishTimeout", "00:00:10.5")]
    [TestCase("PublishTimeout", "00:01")]
    [TestCase("PublishTimeout", "5")]
    [TestCase("PublishTimeout", "-5 s")]
    [TestCase("PublishTimeout", "5 weeks")]
    [TestCase("PublishTimeout", "s")]
    [TestCase("Journal:TraceRetention", "1 day")]
    [TestCase("Journal:TraceRetention", "7 d")]
    [TestCase("Journal:TraceRetention", "1.00:00:00")]
    [TestCase("Journal:MaximumSize", "1048576")]
    [TestCase("Journal:MaximumSize", "1048576 B")]
    [TestCase("Journal:MaximumSize", "2MiB")]
    [TestCase("Journal:MaximumSize", "1 MB")]
    [TestCase("Journal:MaximumSize", "1.5 MiB")]
    [TestCase("Listener:Url", "http://*:8080")]
    [TestCase("Listener:Url", "https://localhost:8080")]
    [TestCase("Listener:PublicUrl", "")]
    [TestCase("Listener:PublicUrl", "https://example.org/teal")]
    [TestCase("Listener:PublicUrl", "example.org")]
    [TestCase("Pages:Colour", "#abc")]
    [TestCase("Pages:Colour", "#abcd")]
    [TestCase("Pages:SupportUrl", "mailto:help@example.org")]
    [TestCase("Pages:SupportUrl", "javascript:alert(1)")]
    [TestCase("RabbitMq:Uri", "amqps://rabbitmq.example.org/teal")]
    [TestCase("RabbitMq:Uri", "http://rabbitmq.example.org")]
    [TestCase("TrustedProxies", "fd00::/8")]
    [TestCase("TrustedProxies", "proxy.example.org")]
    [TestCase("Dispatcher:AllowedOrigins", "https://app.example.org:8443")]
    [TestCase("Dispatcher:AllowedOrigins", "null")]
    [TestCase("Dispatcher:AllowedOrigins", "app.example.org")]
    [TestCase("Dispatcher:AllowedOrigins", "https://app.example.org/path")]
    public void Schema_OfAText_AgreesWithTheProgram(string key, string text)
    {
        var setting = Find(key);
        var isTaken = setting.Type.Apply(new TealOptions(), text) is null;

        IsAccepted(setting, text).Should().Be(isTaken);
    }

    private static IEnumerable<string> Settings() => SettingCatalogue.All.Select(static setting => setting.Key);

    private static Setting<TealOptions> Find(string key) => SettingCatalogue.All.Single(setting => setting.Key == key);

    private static bool IsAccepted(Setting<TealOptions> setting, string text) =>
        IsAccepted(ConfigurationSchema.Document(setting, text).ToJsonString(null));

    private static bool IsAccepted(string json)
    {
        using var document = JsonDocument.Parse(json, Lenient);
        return Schema.Value.Evaluate(document.RootElement).IsValid;
    }

    [GeneratedRegex("^```json\n(?<json>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex JsonBlock();
}
