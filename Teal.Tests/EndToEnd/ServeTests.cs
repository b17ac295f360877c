using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>The built binary as an operator meets it: start, end, crash, mistakes.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ServeTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Kill9_AndANewStart_BoundStatesStillRedirect()
    {
        await using (var process = await TealProcess.ServeAsync(_folder.Path))
        {
            await using var client = await TestClient.ConnectAsync(process.Dispatcher);
            for (var i = 0; i < 200; i++) await client.SendAsync(Create($"s{i}", $"https://example.org/{i}"));
            await client.SettleAsync();
            await process.KillAsync();
        }

        await using var again = await TealProcess.ServeAsync(_folder.Path);
        for (var i = 0; i < 200; i++)
        {
            var answer = await RawHttp.SendAsync(again.Listener, "GET", $"/callback?state=s{i}", []);
            answer.Status.Should().Be(302);
            answer["Location"].Should().Be($"https://example.org/{i}");
        }
    }

    [Test]
    public async Task Sighup_IsPassedOverAndToldOfAndSigtermEndsInOrderAfterwards()
    {
        await using var process = await TealProcess.ServeAsync(_folder.Path);
        await using var client = await TestClient.ConnectAsync(process.Dispatcher);
        await client.BindAsync("s");

        process.Signal(TealProcess.HangUp);
        await Eventually.HoldsAsync(() => process.Errors.Contains("[5014]", StringComparison.Ordinal), "a line");

        (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=s", [])).Status.Should().Be(204);
        (await client.ReceiveAsync()).Should().Contain("\"state\":\"s\"");
        process.Signal(TealProcess.Terminate);
        (await process.WaitAsync()).Should().Be(0);
    }

    [TestCase("TEAL")]
    [TestCase("Teal")]
    public async Task Serve_WithAVariableThatIsCalledAsTheRoot_Starts(string name)
    {
        await using var process = await TealProcess.ServeAsync(_folder.Path, new Dictionary<string, string> { [name] = "/opt/teal/bin/teal" });

        (await RawHttp.SendAsync(process.Listener, "GET", "/health/live", [])).Status.Should().Be(200);
    }

    [Test]
    public async Task Sigterm_UnderLoad_DeliversWhatWasAcceptedClosesWith1001AndEndsWith0()
    {
        await using var process = await TealProcess.ServeAsync(_folder.Path);
        var listener = process.Listener;
        await using var client = await TestClient.ConnectAsync(process.Dispatcher);
        await client.BindAsync("s");
        var receiving = Task.Run(async () =>
        {
            var urls = new List<string>();
            while (await client.ReceiveAsync() is { } frame) urls.Add(JsonDocument.Parse(frame).RootElement.GetProperty("url").GetString()!);
            return urls;
        });
        var accepted = new List<string>();
        var sending = Task.WhenAll(Enumerable.Range(0, 4).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                try
                {
                    var target = $"/callback?state=s&n={sender}-{i}";
                    if ((await RawHttp.SendAsync(listener, "GET", target, [])).Status != 204) return;
                    lock (accepted) accepted.Add(listener.ToString().TrimEnd('/') + target);
                }
                catch (Exception exception) when (exception is IOException or SocketException or InvalidDataException)
                {
                    // Not accepted: the server has gone.
                    return;
                }
            }
        })));
        await Eventually.HoldsAsync(() => { lock (accepted) return accepted.Count > 100; }, "a load");

        var stopping = Stopwatch.StartNew();
        process.Signal(TealProcess.Terminate);

        (await process.WaitAsync()).Should().Be(0);
        stopping.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
        await sending.WithinLimit();
        (await receiving.WithinLimit()).Should().OnlyHaveUniqueItems().And.Contain(accepted);
        client.CloseStatus.Should().Be(System.Net.WebSockets.WebSocketCloseStatus.EndpointUnavailable);
    }

    [TestCase("POST /powens-webhook/budgea.biapi.pro/X HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nContent-Length: 1000000\r\n\r\nxxxx")]
    [TestCase("POST /openid-ciba-callback HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nxxxx")]
    [TestCase("GET /callback?state=s HTTP/1.1\r\nHost: x\r\n")]
    [TestCase("GET /call")]
    public async Task Sigterm_WithAnUnfinishedRequest_IsNotHeldUp(string request)
    {
        await using var process = await TealProcess.ServeAsync(_folder.Path);
        var client = await TestClient.ConnectAsync(process.Dispatcher);
        using var unfinished = await RawConnection.SendAsync(process.Listener, request);
        (await RawHttp.SendAsync(process.Listener, "GET", "/health/live", [])).Status.Should().Be(200);

        var stopping = Stopwatch.StartNew();
        process.Signal(TealProcess.Terminate);

        (await client.ReceiveAsync()).Should().BeNull();
        client.CloseStatus.Should().Be(System.Net.WebSockets.WebSocketCloseStatus.EndpointUnavailable);
        await client.DisposeAsync();
        (await process.WaitAsync()).Should().Be(0);

        // It was 9 s.
        stopping.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
        process.Errors.Should().NotContain("given up at");
    }

    [Test]
    public async Task Sigterm_WithAClientThatDoesNotRead_EndsInTimeAllTheSame()
    {
        await using var process = await TealProcess.ServeAsync(_folder.Path);
        using var silent = await RawWebSocket.ConnectAsync(process.Dispatcher, receiveBuffer: 4096);
        await silent.SendTextAsync("{\"register_to\":{\"type\":\"callback\",\"state\":\"s\"}}");
        await using var client = await TestClient.ConnectAsync(process.Dispatcher);
        await client.SendAsync(Create("s", null));
        await client.SettleAsync();
        for (var i = 0; i < 100; i++) await RawHttp.SendAsync(process.Listener, "GET", $"/callback?state=s&x={new string('x', 50_000)}", []);

        var stopping = Stopwatch.StartNew();
        process.Signal(TealProcess.Terminate);

        (await process.WaitAsync()).Should().Be(0);
        stopping.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task Log_ThatNobodyReads_HoldsUpNeitherRequestsNorTheEnd()
    {
        await using var process = TealProcess.Run(
            _folder.Path, ["--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0", "--Store", "Memory"], readsErrors: false);
        await Eventually.HoldsAsync(() => process.Output.Contains("  Store", StringComparison.Ordinal), "a running server");
        string[] handshake = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="];

        // Each refusal is a line in the log; the pipe takes some hundreds, the logger's queue 2,500.
        for (var i = 0; i < 4000; i++) (await RawHttp.SendAsync(process.Dispatcher, "GET", "/websocket", handshake)).Status.Should().Be(401);
        process.Signal(TealProcess.Terminate);

        (await process.WaitAsync()).Should().Be(0);
    }

    [Test]
    public async Task Banner_WithoutAPassword_ShowsOneAndALineThatWorks()
    {
        await using var process = TealProcess.Run(_folder.Path, ["--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0"]);
        await Eventually.HoldsAsync(() => process.Output.Contains(" bind ", StringComparison.Ordinal), "a banner");

        process.Output.Should().StartWith($"Teal {Teal.Host.Serving.TealVersion.Text}").And.Contain("SQLite, ");
        var line = process.Output.Split('\n').Single(line => line.Contains(" bind ", StringComparison.Ordinal)).Trim().Split(' ');
        await using var bind = TealProcess.Run(_folder.Path, [.. line[1..], "--once", "--state", "abc"]);
        await Eventually.HoldsAsync(() => bind.Output.Contains("displayed hereafter", StringComparison.Ordinal), "a bound state");
        (await RawHttp.SendAsync(process.Listener, "GET", "/callback?state=abc", []))["Location"].Should().Be("https://example.org/");
        (await bind.WaitAsync()).Should().Be(0);
    }

    [Test]
    public async Task Banner_WithAPublicUrl_ShowsALineThatAsksThere()
    {
        await using var process = TealProcess.Run(
            _folder.Path, ["--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0", "--Dispatcher:PublicUrl", "https://teal.example.org/x"]);
        await Eventually.HoldsAsync(() => process.Output.Contains(" bind ", StringComparison.Ordinal), "a banner");

        process.Output.Should().Contain(" --dispatcher https://teal.example.org/x ", "its metadata names that host, and bind sends the password to no other");
    }

    [Test]
    public async Task UnixSocket_AlsoOneThatAKilledProcessLeft_IsListenedOn()
    {
        var path = _folder.Combine("teal.sock");
        string[] settings = ["--Listener:Url", $"http://unix:{path}", "--Dispatcher:Url", $"http://unix:{path}", "--Store", "Memory", "--Dispatcher:Password", "a-password-of-a-test"];
        await using (var first = TealProcess.Run(_folder.Path, settings))
        {
            await Eventually.HoldsAsync(() => first.Output.Contains("  Store", StringComparison.Ordinal), "a banner");
            first.Output.Should().Contain($"Listener    http://unix:{path}");
            await using var twice = TealProcess.Run(_folder.Path, settings);
            (await twice.WaitAsync()).Should().Be(69);
            twice.Errors.Should().Contain($"http://unix:{path}").And.Contain("Teal:Listener:Url and Teal:Dispatcher:Url");
            (await AskAsync("/callback?state=nope")).Should().StartWith("HTTP/1.1 404");
            await first.KillAsync();
        }

        File.Exists(path).Should().BeTrue();
        await using var second = TealProcess.Run(_folder.Path, settings);
        await Eventually.HoldsAsync(() => second.Output.Contains("  Store", StringComparison.Ordinal), "a banner");
        (await AskAsync("/health/ready")).Should().StartWith("HTTP/1.1 200");
        second.Signal(TealProcess.Terminate);
        (await second.WaitAsync()).Should().Be(0);

        async Task<string> AskAsync(string target)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).WithinLimit();
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).WithinLimit();
            using var reader = new StreamReader(new NetworkStream(socket));
            return await reader.ReadToEndAsync().WithinLimit();
        }
    }

    [TestCase("--version")]
    [TestCase("version")]
    [TestCase("--help")]
    [TestCase("serve --check")]
    [TestCase("state decode B1001www.example.org")]
    public async Task Command_WhoseOutputCannotBeWritten_SaysWhyAndEndsWith74(string command)
    {
        await using var shell = TealProcess.RunShell(_folder.Path, $"exec \"$TEAL_BINARY\" {command} >/dev/full", new Dictionary<string, string>());

        (await shell.WaitAsync()).Should().Be(74);
        shell.Errors.Should().Be("teal: the output cannot be written (No space left on device).\n");
    }

    [TestCase(">/dev/full")]
    [TestCase(">&-")]
    public async Task Serve_WhoseBannerCannotBeWritten_ServesAllTheSame(string output)
    {
        var port = LoopbackPort.Find();
        await using var server = TealProcess.RunShell(
            _folder.Path, $"exec \"$TEAL_BINARY\" --Store Memory --Listener:Url http://127.0.0.1:{port} --Dispatcher:Url http://127.0.0.1:0 {output}", new Dictionary<string, string>());

        await Eventually.HoldsAsync(async () => (await RawHttp.TrySendAsync(new Uri($"http://127.0.0.1:{port}"), "GET", "/health/live", []))?.Status == 200, "an answer");
        server.Signal(TealProcess.Terminate);
        (await server.WaitAsync()).Should().Be(0);
        server.Errors.Should().NotContain("   at ");
    }

    [TestCase("Logging:LogLevel:Default", "Foo", "Trace, Debug")]
    [TestCase("Logging:Console:FormatterName", "xml", "simple, systemd, json")]
    public async Task WrongSettingOfTheLog_AtStart_EndsWith78AndSaysWhat(string key, string value, string fault)
    {
        await using var process = TealProcess.Run(_folder.Path, ["serve", $"--{key}", value]);

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().ContainAll(key, fault, "From: the command line");
    }

    [TestCase("empty")]
    [TestCase("pipe")]
    [TestCase("link")]
    public async Task UnixSocket_WhereSomethingElseIs_IsNotMadeThere(string what)
    {
        var path = _folder.Combine("teal.sock");
        if (what == "empty") await File.WriteAllTextAsync(path, "");
        else if (what == "link") File.CreateSymbolicLink(path, _folder.Combine("nowhere"));
        else (await TealProcess.RunShell(_folder.Path, $"mkfifo {path}", new Dictionary<string, string>()).WaitAsync()).Should().Be(0);
        await using var process = TealProcess.Run(_folder.Path, ["--Listener:Url", $"http://unix:{path}", "--Store", "Memory", "--Dispatcher:Url", "http://127.0.0.1:0"]);

        (await process.WaitAsync()).Should().Be(69);
        (File.Exists(path) || new FileInfo(path).LinkTarget is not null).Should().BeTrue();
    }

    [TestCase("http://127.0.0.1:PORT")]
    [TestCase("http://*:PORT")]
    [TestCase("http://unix:FOLDER/teal.sock")]
    public async Task Health_OfTheServerOfThisMachine_IsToldByACommand(string url)
    {
        url = url.Replace("PORT", $"{LoopbackPort.Find()}", StringComparison.Ordinal).Replace("FOLDER", _folder.Path, StringComparison.Ordinal);
        string[] settings = ["--Listener:Url", url, "--Store", "Memory"];
        await using var before = TealProcess.Run(_folder.Path, ["health", .. settings]);
        (await before.WaitAsync()).Should().Be(69);
        before.Errors.Should().StartWith($"teal: no answer at {url} (");
        await using var server = TealProcess.Run(_folder.Path, ["--Dispatcher:Url", "http://127.0.0.1:0", .. settings]);
        await Eventually.HoldsAsync(() => server.Output.Contains("  Store", StringComparison.Ordinal), "a banner");

        await using var health = TealProcess.Run(_folder.Path, ["health", .. settings]);

        (await health.WaitAsync()).Should().Be(0, health.Errors);
        health.Output.Should().StartWith("{\"status\":\"ready\"");
    }

    [TestCase("http://*:0", "all addresses of this machine")]
    [TestCase("http://0.0.0.0:0", "all IPv4 addresses of this machine")]
    [TestCase("http://[::]:0", "all addresses of this machine")]
    public async Task Banner_ForAllAddresses_SaysSo(string url, string range)
    {
        await using var process = TealProcess.Run(_folder.Path, ["--Listener:Url", url, "--Dispatcher:Url", "http://127.0.0.1:0", "--Store", "Memory"]);
        await Eventually.HoldsAsync(() => process.Output.Contains("  Store", StringComparison.Ordinal), "a banner");

        process.Output.Should().MatchRegex($@"Listener +{System.Text.RegularExpressions.Regex.Escape(url[..^2])}:\d+, {range}");
    }

    [Test]
    public async Task Log_InSystemdsJournal_HasItsPriorities()
    {
        // A shell can say where its standard error goes, as systemd does.
        var environment = new Dictionary<string, string> { ["TEAL_UNKNOWN"] = "" };
        const string Script = "JOURNAL_STREAM=$(stat -Lc %d:%i /proc/self/fd/2) Teal__Lisener__Url=x exec \"$TEAL_BINARY\" --Store Memory --Listener:Url http://127.0.0.1:0 --Dispatcher:Url http://127.0.0.1:0";
        await using var process = TealProcess.RunShell(_folder.Path, Script, environment);
        await Eventually.HoldsAsync(() => process.Errors.Contains("Lisener", StringComparison.Ordinal), "a warning");

        process.Errors.Should().StartWith("<4>Teal.Host.Configuration[5021] ");
    }

    [Test]
    public async Task Log_InJson_IsAnObjectALine()
    {
        await using var process = TealProcess.Run(
            _folder.Path, ["--Store", "Memory", "--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0", "--Logging:Console:FormatterName", "json"],
            new Dictionary<string, string> { ["Teal__Lisener__Url"] = "x", ["JOURNAL_STREAM"] = "8:1" });
        await Eventually.HoldsAsync(() => process.Errors.Contains('\n', StringComparison.Ordinal), "a warning");

        using var line = JsonDocument.Parse(process.Errors.Split('\n')[0]);
        line.RootElement.GetProperty("LogLevel").GetString().Should().Be("Warning");
        line.RootElement.GetProperty("EventId").GetInt32().Should().Be(5021);
        line.RootElement.GetProperty("Timestamp").GetString().Should().EndWith("Z");
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
        await using var process = TealProcess.Run(_folder.Path, ["serve"], new Dictionary<string, string> { [variable] = "a-long-s3cr3t-password\n" });

        (await process.WaitAsync()).Should().Be(78);
        process.Errors.Should().ContainAll("Teal:Dispatcher:Password", "line break", $"From: the environment variable {variable}").And.NotContain("s3cr3t");
    }

    [Test]
    public async Task Check_OfTheSettings_ShowsThoseThatAreSetAndWhereButNoSecret()
    {
        await File.WriteAllTextAsync(_folder.Combine("appsettings.json"), """{"Teal":{"TrustedProxies":["10.0.0.1","10.0.0.2"]}}""");
        var environment = new Dictionary<string, string> { ["TEAL_PASSWORD"] = "a-long-s3cr3t-password", ["LISTENER_URL"] = "https://x.example", ["Teal__Http__HeaderTimeout"] = "7 s" };
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
    public async Task Banner_WithAPassword_DoesNotShowIt()
    {
        await using var process = TealProcess.Run(
            _folder.Path, ["--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0"], new Dictionary<string, string> { ["Teal__Dispatcher__Password"] = "hunter2-hunter2" });
        await Eventually.HoldsAsync(() => process.Output.Contains("  Store", StringComparison.Ordinal), "a banner");

        process.Output.Should().NotContain("hunter2").And.NotContain("Password");
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
    public async Task Password_WhereOnlyThisMachineReachesTheDispatcher_IsTakenAndReportedIfWeak(string password, bool isReported, params string[] settings)
    {
        await using var process = await TealProcess.ServeAsync(_folder.Path, ["--Store", "Memory", .. settings, "--Dispatcher:Password", password]);
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
        process.Errors.Should().ContainAll("5 faults", "Teal:Store", "Teal:Modules", "Teal:Listener:PublicUrl = \"ftp://example.org\"", "Teal:Http:HeaderTimeout", "Teal:Dispatcher:ExposeVersion");
        process.Errors.Should().ContainAll(
            $"From: {_folder.Combine("appsettings.json")}", "From: the environment variable LISTENER_URL", "From: the environment variable Teal__Http__HeaderTimeout", "From: the command line");
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

    [Test]
    public async Task MoreConnectionsThanOpenFiles_AtTheListener_KeepNobodyOut()
    {
        await using var process = await TealProcess.ServeAsync(_folder.Path, 400, "--Store", "Memory");
        await using var client = await TestClient.ConnectAsync(process.Dispatcher);
        await client.BindAsync("s");
        var flood = new List<TcpClient>();
        for (var i = 0; i < 600; i++)
        {
            var connection = new TcpClient();
            flood.Add(connection);
            try
            {
                await connection.ConnectAsync(process.Listener.Host, process.Listener.Port).WithinLimit();
            }
            catch (SocketException)
            {
                // Closed at once, as it may be.
            }
        }

        await Eventually.HoldsAsync(() => process.Errors.Contains("limit of open files", StringComparison.Ordinal), "a message");

        // The dispatcher's places are its own; at the listener those that are idle make room.
        await using var other = await TestClient.ConnectAsync(process.Dispatcher);
        (await RawHttp.SendAsync(process.Dispatcher, "GET", "/health/ready", [])).Status.Should().Be(200);
        await Eventually.HoldsAsync(() => IsAnsweredAsync(process.Listener), "an answer");
        (await client.ReceiveAsync()).Should().Contain("\"state\":\"s\"");
        process.Errors.Split("limit of open files").Length.Should().BeLessThanOrEqualTo(3);
        foreach (var connection in flood) connection.Dispose();
    }

    [Test]
    public async Task PortInUse_AtStart_EndsWith69AndNamesIt()
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://127.0.0.1:{((System.Net.IPEndPoint)other.LocalEndpoint).Port}";
        await using var process = TealProcess.Run(_folder.Path, ["--Listener:Url", address, "--Store", "Memory"]);

        (await process.WaitAsync()).Should().Be(69);
        process.Errors.Should().Contain(address).And.NotContain("   at ");
    }

    [Test]
    public async Task AddressOfAnotherMachine_AtStart_EndsWith69AndNamesTheSettings()
    {
        // 192.0.2.0/24 is for documentation (RFC 5737), no machine has it.
        await using var process = TealProcess.Run(_folder.Path, ["--Listener:Url", "http://192.0.2.1:8080", "--Dispatcher:Url", "http://127.0.0.1:0", "--Store", "Memory"]);

        (await process.WaitAsync()).Should().Be(69);
        process.Errors.Should().Contain("http://192.0.2.1:8080").And.EndWith("See Teal:Listener:Url.\n");
    }

    [Test]
    public async Task FolderInUse_AtStart_EndsWith74()
    {
        await using var first = await TealProcess.ServeAsync(_folder.Path);
        await using var second = TealProcess.Run(_folder.Path, ["--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0"]);

        (await second.WaitAsync()).Should().Be(74);
        second.Errors.Should().Contain("in use by another process of Teal").And.NotContain("   at ");
    }

    [Test]
    public async Task FolderThatOthersMayUse_AtStart_IsNamedWithWhatToType()
    {
        using var folder = new TemporaryFolder();
        var data = Directory.CreateDirectory(folder.Combine("data"), (UnixFileMode)0b111_101_101).FullName;
        await using (var process = await TealProcess.ServeAsync(folder.Path))
            await Eventually.HoldsAsync(() => process.Errors.Contains($"chmod 700 {data}", StringComparison.Ordinal), "a warning");

        File.SetUnixFileMode(data, (UnixFileMode)0b111_000_000);
        await using var quiet = await TealProcess.ServeAsync(folder.Path);
        quiet.Signal(TealProcess.Terminate);
        (await quiet.WaitAsync()).Should().Be(0);
        quiet.Errors.Should().NotContain("chmod");
    }

    [Test]
    public async Task Help_OfTheProgramAndItsCommands_TellsWhatThereIs()
    {
        (await OutputAsync("--help")).Should().ContainAll("serve", "bind", "health", "--version");
        (await OutputAsync("version")).Trim().Should().Be(Teal.Host.Serving.TealVersion.Text);
        (await OutputAsync("--version")).Trim().Should().Be(Teal.Host.Serving.TealVersion.Text);
        (await OutputAsync("serve", "--help")).Should().ContainAll("Listener:PublicUrl", "[64 KiB]", "Teal__Listener__PublicUrl");
        (await OutputAsync("bind", "--help")).Should().ContainAll(
            "--final-redirect-url", "--state", "--with-fragment", "--expires-in", "--dispatcher", "--password", "--json", "--once", "TEAL_PASSWORD");
    }

    private static async Task<bool> IsAnsweredAsync(Uri listener) => (await RawHttp.TrySendAsync(listener, "GET", "/callback?state=s", []))?.Status == 204;

    private async Task<string> OutputAsync(params string[] arguments)
    {
        await using var process = TealProcess.Run(_folder.Path, arguments);
        (await process.WaitAsync()).Should().Be(0);
        return process.Output;
    }

    private static string Create(string state, string? url) => JsonSerializer.Serialize(new
    {
        create = new { type = "callback", state, final_redirect_url = url, expires_at = RealClock.InAnHour.ToString("s") },
    });
}
