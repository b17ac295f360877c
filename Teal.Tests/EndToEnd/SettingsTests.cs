using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>The built binary and its settings: wrong ones, those that are probably not meant, and what it says of them.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class SettingsTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("Logging:LogLevel:Default", "Foo", "Trace, Debug")]
    [TestCase("Logging:Console:FormatterName", "xml", "simple, systemd, json")]
    public async Task WrongSettingOfTheLog_AtStart_EndsWith78AndSaysWhat(string key, string value, string fault)
    {
        await using var process = TealProcess.Run(_folder.Path, ["serve", $"--{key}", value]);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().ContainAll(key, fault, "From: the command line");
    }

    [TestCase("leads to any host", "--Listener:PowensRedirectFallback", "true")]
    [TestCase("Teal:Listener:PublicUrl is not", "--TrustedProxies", "127.0.0.1")]
    [TestCase("passed over (heartbeat, verify)", "--RabbitMq:Uri", "amqp://localhost/?heartbeat=30&verify=s3cr3t")]
    public async Task Settings_ThatAreProbablyNotMeant_AreToldAtStart(string warning, string key, string value)
    {
        await using var process = await TealProcess.ServeAsync(_folder.Path, "--Store", "Memory", key, value);

        await Eventually.HoldsAsync(() => process.Errors.Contains(warning, StringComparison.Ordinal), "a warning");
        process.Errors.Should().NotContain("s3cr3t");
    }

    [Test]
    public async Task SettingsWithoutTheirRoot_InAFile_AreToldAtStart()
    {
        await File.WriteAllTextAsync(_folder.Combine("appsettings.json"), """{"Listener":{"PublicUrl":"https://x.example"},"Other":1}""");
        await using var process = await TealProcess.ServeAsync(_folder.Path, "--Store", "Memory");

        await Eventually.HoldsAsync(() => process.Errors.Contains("has \"Listener\" at its root", StringComparison.Ordinal), "a warning");
        process.Errors.Should().NotContain("Other");
    }

    [TestCase("/dev/zero", "that is there")]
    [TestCase("big", "at most 256 KiB")]
    [TestCase("secret", "is none")]
    public async Task Logo_ThatIsNoPicture_IsRefused(string content, string fault)
    {
        if (content == "big") await File.WriteAllBytesAsync(_folder.Combine("content"), new byte[1024 * 1024]);
        else if (content == "secret") await File.WriteAllTextAsync(_folder.Combine("content"), "PASSWORD=x");
        File.CreateSymbolicLink(_folder.Combine("logo.png"), content[0] == '/' ? content : _folder.Combine("content"));
        await using var process = TealProcess.Run(_folder.Path, ["serve", "--Pages:Logo", "logo.png"]);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().ContainAll("Teal:Pages:Logo", fault);
    }

    [TestCase("PASSWORD")]
    [TestCase("TEAL_PASSWORD")]
    [TestCase("Teal__Dispatcher__Password")]
    public async Task Password_WithALineBreakAtItsEnd_IsRefusedWithTheReason(string variable)
    {
        await using var process = TealProcess.Run(
            _folder.Path, ["serve"], new Dictionary<string, string> { [variable] = "a-long-s3cr3t-password\n" });

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().ContainAll("Teal:Dispatcher:Password", "line break", $"From: the environment variable {variable}")
            .And.NotContain("s3cr3t");
    }

    [Test]
    public async Task Check_OfTheSettings_ShowsThoseThatAreSetAndWhereButNoSecret()
    {
        await File.WriteAllTextAsync(_folder.Combine("appsettings.json"), """{"Teal":{"TrustedProxies":["10.0.0.1","10.0.0.2"]}}""");
        var environment = new Dictionary<string, string>
        {
            ["TEAL_PASSWORD"] = "a-long-s3cr3t-password",
            ["LISTENER_URL"] = "https://x.example",
            ["Teal__Http__HeaderTimeout"] = "7 s",
        };
        await using var process = TealProcess.Run(_folder.Path, ["serve", "--check", "--Store", "Memory"], environment);

        (await process.WaitAsync()).Should().Be(0);
        process.Output.Should().ContainAll(
            "Teal:Store = Memory    from the command line",
            $"Teal:TrustedProxies = 10.0.0.1,10.0.0.2    from {_folder.Combine("appsettings.json")}",
            "Teal:Listener:PublicUrl = https://x.example    from the environment variable LISTENER_URL",
            "Teal:Dispatcher:Password = (secret)    from the environment variable TEAL_PASSWORD",
            "Teal:Http:HeaderTimeout = 7 s    from the environment variable Teal__Http__HeaderTimeout").And.NotContain("s3cr3t");
    }

    [Test]
    public async Task Check_OfAFileThatNamesItsSchema_HasNothingToSayOfThat()
    {
        await File.WriteAllTextAsync(
            _folder.Combine("appsettings.json"), """{"$schema":"docs/appsettings.schema.json","Teal":{"Store":"Memory"}}""");
        await using var process = TealProcess.Run(_folder.Path, ["serve", "--check"]);

        (await process.WaitAsync()).Should().Be(0);
        process.Output.Should().Contain("Teal:Store = Memory").And.NotContain("schema").And.NotContain("Warning");
        process.Errors.Should().BeEmpty();
    }

    [Test]
    public async Task Check_OfAFormerKey_ShowsItsValueAndTheKeyOfToday()
    {
        var environment = new Dictionary<string, string>
        {
            ["Teal__Journal__PowensRetention"] = "3 days",
            ["Teal__Journal__CallbackRetention"] = "4 days",
        };
        string[] arguments = ["serve", "--check", "--Journal:Retention:callback", "5 days", "--Journal:OpenIdCibaRetention", "6 days"];
        await using var process = TealProcess.Run(_folder.Path, arguments, environment);

        (await process.WaitAsync()).Should().Be(0);
        process.Output.Should().ContainAll(
            "Teal:Journal:Retention:callback = 5 days    from the command line",
            "Teal:Journal:Retention:openid_ciba_callback = 6 days    from the command line",
            "Teal:Journal:Retention:powens_domain = 3 days    from the environment variable Teal__Journal__PowensRetention",
            "Warning: The setting Teal:Journal:PowensRetention is called Teal:Journal:Retention:powens_domain now");
        process.Output.Should().NotContain("4 days").And.NotContain("is not known");
    }

    [Test]
    public async Task Check_OfAFormerKeyBesideTheKeyOfToday_SaysThatItMeansNothing()
    {
        await File.WriteAllTextAsync(
            _folder.Combine("appsettings.json"), """{"Teal":{"Journal":{"Retention":{"callback":"2 days"}}}}""");
        await using var process = TealProcess.Run(_folder.Path, ["serve", "--check", "--Journal:CallbackRetention", "4 days"]);

        (await process.WaitAsync()).Should().Be(0);
        process.Output.Should().ContainAll(
            "Teal:Journal:Retention:callback = 2 days",
            "The setting Teal:Journal:CallbackRetention means nothing, as Teal:Journal:Retention:callback is set (the command line)");
    }

    [Test]
    public async Task File_ThatCannotBeRead_EndsTheStartWithItsPath()
    {
        File.CreateSymbolicLink(_folder.Combine("appsettings.json"), "nowhere");
        await using var process = TealProcess.Run(_folder.Path, ["serve", "--check"]);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().StartWith("teal: ").And.Contain(_folder.Combine("appsettings.json")).And.NotContain("   at ");
    }

    [Test]
    public async Task File_ThatHasASecretWithoutQuotationMarks_IsRefusedWithoutRepeatingIt()
    {
        await File.WriteAllTextAsync(_folder.Combine("appsettings.json"), """{"Teal":{"Dispatcher":{"Password": tops3cret}}}""");
        await using var process = TealProcess.Run(_folder.Path, ["serve", "--check"]);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().ContainAll("appsettings.json", "see line 1, byte 37").And.NotContain("tops3cret");
    }

    [Test]
    public async Task Password_InAFileThatIsNotUtf8_IsRefused()
    {
        var file = System.Text.Encoding.Latin1.GetBytes("""{"Teal":{"Dispatcher":{"Password":"pässword"}}}""");
        await File.WriteAllBytesAsync(_folder.Combine("appsettings.json"), file);
        await using var process = TealProcess.Run(_folder.Path, ["serve", "--check"]);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().ContainAll("Teal:Dispatcher:Password", "must be UTF-8").And.NotContain("ssword\"");
    }

    [Test]
    public async Task WrongSetting_AtAFormerKey_IsNamedAsItIsWritten()
    {
        var environment = new Dictionary<string, string> { ["Teal__Journal__PowensRetention"] = "soon" };
        await using var process = TealProcess.Run(_folder.Path, ["serve", "--check"], environment);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().ContainAll(
            "Teal:Journal:PowensRetention = \"soon\"", "must be a duration",
            "From: the environment variable Teal__Journal__PowensRetention");
    }

    [TestCase("Listener:Url", "localhost", "must start with http://")]
    [TestCase("Listener:Url", "https://localhost", "reverse proxy")]
    [TestCase("Listener:Url", "http://unix:teal.sock", "absolute path")]
    [TestCase("Listener:Url", "http://example.org:1", "localhost, an IP address or *")]
    [TestCase("Listener:PublicUrl", "example.org", "must start with http:// or https://")]
    [TestCase("Listener:PublicUrl", "https://example.org/?x", "query")]
    [TestCase("Listener:PublicUrl", "https://u:p@example.org/", "password")]
    [TestCase("Listener:MaximumBodySize", "many", "size")]
    [TestCase("Listener:BodyBudget", "1 MiB", "twice MaximumBodySize")]
    [TestCase("Listener:MaximumCibaBodySize", "0", "size")]
    [TestCase("Http:BodyTimeout", "0 s", "duration")]
    [TestCase("Dispatcher:MaximumMessageSize", "5", "size")]
    [TestCase("Dispatcher:SendQueueLength", "0", "whole number")]
    [TestCase("Dispatcher:MinimumStateLifetime", "soon", "duration")]
    [TestCase("Dispatcher:MinimumStateLifetime", "8 days", "MaximumStateLifetime")]
    [TestCase("Dispatcher:ExposeVersion", "maybe", "true or false")]
    [TestCase("Store", "Floppy", "Embedded or Memory or Redis")]
    [TestCase("Store", "+1", "Embedded or Memory or Redis")]
    [TestCase("Deployment", "+1", "Standalone or Distributed")]
    [TestCase("Deployment", "Standalone,Distributed", "Standalone or Distributed")]
    [TestCase("DataDirectory", "", "must not be empty")]
    [TestCase("DataDirectory", " ", "must not be empty")]
    [TestCase("Modules", "Listener,Kitchen", "Listener or Dispatcher")]
    [TestCase("Modules", "Listener", "both modules")]
    [TestCase("TrustedProxies", "proxy.example.org", "IP addresses")]
    [TestCase("RabbitMq:ExchangePrefix", "openid_ciba_", "openid_ciba_")]
    [TestCase("Pages:Colour", "red", "hexadecimal")]
    [TestCase("Pages:SupportUrl", "javascript:alert(1)", "https://")]
    [TestCase("Pages:Logo", "logo.exe", ".svg")]
    [TestCase("Pages:Logo", "nowhere.svg", "that is there")]
    [TestCase("Redis:KeyPrefix", "callback_x", "must not begin")]
    [TestCase("RabbitMq:Uri", "amqp://guest:12?secret&def@host", "virtual host")]
    [TestCase("Dispatcher:AllowedOrigins", "https://app.example.org/page", "scheme, host and port")]
    [TestCase("Dispatcher:AllowedOrigins", "app.example.org", "scheme, host and port")]
    public async Task WrongSetting_AtStart_EndsWith78AndSaysWhat(string key, string value, string fault)
    {
        await using var process = TealProcess.Run(_folder.Path, ["serve", $"--{key}", value]);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().Contain($"Teal:{key}").And.Contain(fault).And.Contain("Example:").And.NotContain("   at ");
        process.Output.Should().BeEmpty();
    }

    [TestCase("abc", "--Dispatcher:Url", "http://*:0")]
    [TestCase("fifteen charac.", "--Dispatcher:Url", "http://0.0.0.0:0")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaa", "--Dispatcher:Url", "http://[::]:0")]
    [TestCase("                ", "--Dispatcher:Url", "http://192.0.2.1:0")]
    [TestCase("abc", "--Dispatcher:PublicUrl", "https://events.example.org")]
    public async Task WeakPassword_WhereOthersReachTheDispatcher_EndsWith78AndSaysWhatToDo(string password, string key, string url)
    {
        await using var process = TealProcess.Run(_folder.Path, ["serve", key, url, "--Dispatcher:Password", password]);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().ContainAll("Teal:Dispatcher:Password", "16 characters", "openssl rand -hex 24").And.NotContain(password);
    }

    [TestCase("abc", true)]
    [TestCase("abc", true, "--Dispatcher:PublicUrl", "https://localhost:8443")]
    [TestCase("abc", true, "--Dispatcher:Url", "http://[::1]:0")]
    [TestCase("a password that is long enough", false, "--Dispatcher:PublicUrl", "https://events.example.org")]
    public async Task Password_WhereOnlyThisMachineReachesTheDispatcher_IsTakenAndReportedIfWeak(
        string password, bool isReported, params string[] settings)
    {
        await using var process = await TealProcess.ServeAsync(
            _folder.Path, ["--Store", "Memory", .. settings, "--Dispatcher:Password", password]);
        process.Signal(TealProcess.Terminate);
        (await process.WaitAsync()).Should().Be(0);

        process.Errors.Contains("can be guessed", StringComparison.Ordinal).Should().Be(isReported);
    }

    [Test]
    public async Task WrongSettings_FromEverywhere_AreAllNamedAtOnce()
    {
        await File.WriteAllTextAsync(_folder.Combine("appsettings.json"), """{"Teal":{"Store":"X","Modules":["Y"]}}""");
        var environment = new Dictionary<string, string> { ["LISTENER_URL"] = "ftp://example.org", ["Teal__Http__HeaderTimeout"] = "-1" };
        await using var process = TealProcess.Run(_folder.Path, ["--Teal:Dispatcher:ExposeVersion=2"], environment);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().ContainAll(
            "5 faults", "Teal:Store", "Teal:Modules", "Teal:Listener:PublicUrl = \"ftp://example.org\"", "Teal:Http:HeaderTimeout",
            "Teal:Dispatcher:ExposeVersion");
        process.Errors.Should().ContainAll(
            $"From: {_folder.Combine("appsettings.json")}", "From: the environment variable LISTENER_URL",
            "From: the environment variable Teal__Http__HeaderTimeout", "From: the command line");
    }

    [Test]
    public async Task BrokenSettingsFile_AtStart_EndsWith78AndNamesIt()
    {
        await File.WriteAllTextAsync(_folder.Combine("appsettings.json"), "{\"Teal\":");
        await using var process = TealProcess.Run(_folder.Path, []);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().Contain("appsettings.json").And.NotContain("   at ");
    }

    [Test]
    public async Task UnknownSettings_AtStart_AreReportedAndNotRepeated()
    {
        await File.WriteAllTextAsync(_folder.Combine("appsettings.json"), """{"Teal":{"Lisener":{"Url":"s3cr3t"}}}""");
        await using var process = await TealProcess.ServeAsync(_folder.Path);

        await Eventually.HoldsAsync(() => process.Errors.Contains("Teal:Lisener:Url", StringComparison.Ordinal), "a warning");
        process.Errors.Should().NotContain("s3cr3t");
    }

    [TestCase("--Lisener:Url", "neither an option nor a setting")]
    [TestCase("surplus", "neither an option nor a setting")]
    [TestCase("--Listener:Url", "needs a value")]
    public async Task WrongArgument_AtStart_EndsWith64(string argument, string complaint)
    {
        await using var process = TealProcess.Run(_folder.Path, ["serve", argument]);

        (await process.WaitAsync()).Should().Be(64);
        process.Errors.Should().Contain(complaint);
    }
}
