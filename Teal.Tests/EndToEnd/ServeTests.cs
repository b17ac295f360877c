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
    public async Task Sighup_WithoutAChange_IsToldOfAndSigtermEndsInOrderAfterwards()
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
        await using var process = await TealProcess.ServeAsync(
            _folder.Path, new Dictionary<string, string> { [name] = "/opt/teal/bin/teal" });

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
            while (await client.ReceiveAsync() is { } frame)
                urls.Add(JsonDocument.Parse(frame).RootElement.GetProperty("url").GetString()!);
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

    [TestCase(
        "POST /powens-webhook/budgea.biapi.pro/X HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nContent-Length: 1000000\r\n\r\nxxxx")]
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
        for (var i = 0; i < 100; i++)
            await RawHttp.SendAsync(process.Listener, "GET", $"/callback?state=s&x={new string('x', 50_000)}", []);

        var stopping = Stopwatch.StartNew();
        process.Signal(TealProcess.Terminate);

        (await process.WaitAsync()).Should().Be(0);
        stopping.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task UnixSocket_AlsoOneThatAKilledProcessLeft_IsListenedOn()
    {
        var path = _folder.Combine("teal.sock");
        string[] settings =
        [
            "--Listener:Url", $"http://unix:{path}", "--Dispatcher:Url", $"http://unix:{path}", "--Store", "Memory",
            "--Dispatcher:Password", "a-password-of-a-test",
        ];
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

    [TestCase("empty")]
    [TestCase("pipe")]
    [TestCase("link")]
    public async Task UnixSocket_WhereSomethingElseIs_IsNotMadeThere(string what)
    {
        var path = _folder.Combine("teal.sock");
        if (what == "empty") await File.WriteAllTextAsync(path, "");
        else if (what == "link") File.CreateSymbolicLink(path, _folder.Combine("nowhere"));
        else (await TealProcess.RunShell(_folder.Path, $"mkfifo {path}", new Dictionary<string, string>()).WaitAsync()).Should().Be(0);
        await using var process = TealProcess.Run(
            _folder.Path, ["--Listener:Url", $"http://unix:{path}", "--Store", "Memory", "--Dispatcher:Url", "http://127.0.0.1:0"]);

        (await process.WaitAsync()).Should().Be(69);
        (File.Exists(path) || new FileInfo(path).LinkTarget is not null).Should().BeTrue();
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
        await using var process = TealProcess.Run(
            _folder.Path, ["--Listener:Url", "http://192.0.2.1:8080", "--Dispatcher:Url", "http://127.0.0.1:0", "--Store", "Memory"]);

        (await process.WaitAsync()).Should().Be(69);
        process.Errors.Should().Contain("http://192.0.2.1:8080").And.EndWith("See Teal:Listener:Url.\n");
    }

    [Test]
    public async Task FolderInUse_AtStart_EndsWith74()
    {
        await using var first = await TealProcess.ServeAsync(_folder.Path);
        await using var second = TealProcess.Run(
            _folder.Path, ["--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0"]);

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

    private static async Task<bool> IsAnsweredAsync(Uri listener) =>
        (await RawHttp.TrySendAsync(listener, "GET", "/callback?state=s", []))?.Status == 204;

    private static string Create(string state, string? url) => JsonSerializer.Serialize(new
    {
        create = new { type = "callback", state, final_redirect_url = url, expires_at = RealClock.InAnHour.ToString("s") },
    });
}
