using System.Net.Sockets;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// The socket in the data folder (specification 10.2): its owner's alone, there where a server runs, and in nobody's way.
/// </summary>
internal sealed class AdministrationSocketTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private TemporaryFolder _folder = null!;

    private string SocketPath => Path.Combine(_folder.Path, "teal.sock");

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Socket_OfARunningServer_IsItsOwnersAloneAndGoesWithIt()
    {
        await using (await StartAsync())
        {
            File.GetUnixFileMode(SocketPath).Should().Be(Owner);
            (await AskAsync("/api/v1/status")).Status.Should().Be(200);
        }

        File.Exists(SocketPath).Should().BeFalse();
    }

    [Test]
    public async Task Socket_WhereTheFolderIsMissing_IsInAFolderOfTheOwnerAlone()
    {
        var folder = _folder.Combine("new");
        await using var server = await StartAsync(folder);

        File.GetUnixFileMode(folder).Should().Be(Owner | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Path.Combine(folder, "teal.sock")).Should().Be(Owner);
    }

    [TestCase(UnixFileMode.GroupRead)]
    [TestCase(UnixFileMode.OtherExecute)]
    public async Task Socket_InAFolderOfOthers_IsNotThereAndTheLogSaysWhatToDo(UnixFileMode others)
    {
        File.SetUnixFileMode(_folder.Path, Owner | UnixFileMode.UserExecute | others);

        await using var server = await StartAsync();

        File.Exists(SocketPath).Should().BeFalse();
        server.Log.Lines.Should().ContainSingle(line => line.Id.Id == 5051)
            .Which.Text.Should().Contain($"chmod 700 {_folder.Path}");
        (await RawHttp.SendAsync(server.Dispatcher, "GET", "/health/live", [])).Status.Should().Be(200);
    }

    [Test]
    public async Task Socket_WithoutADataFolder_IsNotMade()
    {
        await using var server = await TestServer.StartAsync();

        File.Exists(Path.Combine("data", "teal.sock")).Should().BeFalse();
        server.Log.Lines.Should().NotContain(line => line.Id.Id == 5051);
    }

    [Test]
    public async Task Socket_LeftByAServerThatWasKilled_IsReplaced()
    {
        await using (var killed = await TealProcess.ServeAsync(_folder.Path, "--DataDirectory", _folder.Path))
        {
            await killed.KillAsync();
            File.Exists(SocketPath).Should().BeTrue();
        }

        await using var server = await StartAsync();

        (await AskAsync("/api/v1/status")).Status.Should().Be(200);
    }

    [Test]
    public async Task Socket_OfAnotherProcessThatRuns_StaysItsOwn()
    {
        await using var first = await StartAsync();
        await using (var second = await StartAsync())
        {
            second.Log.Lines.Should().ContainSingle(line => line.Id.Id == 5051)
                .Which.Text.Should().Contain("another process of Teal listens");
            (await UrlAsync()).Should().Be($"http://127.0.0.1:{first.Dispatcher.Port}");
        }

        (await UrlAsync()).Should().Be($"http://127.0.0.1:{first.Dispatcher.Port}");
    }

    [Test]
    public async Task Socket_WhereALinkStands_IsNotMadeAndTheLinkStays()
    {
        var elsewhere = _folder.Combine("elsewhere");
        await File.WriteAllTextAsync(elsewhere, "mine");
        File.CreateSymbolicLink(SocketPath, elsewhere);

        await using var server = await StartAsync();

        server.Log.Lines.Should().ContainSingle(line => line.Id.Id == 5051).Which.Text.Should().Contain("is a link");
        (await File.ReadAllTextAsync(elsewhere)).Should().Be("mine");
    }

    [TestCase("GET", "/callback?state=s")]
    [TestCase("GET", "/websocket")]
    [TestCase("GET", "/.well-known/teapots-teal-metadata")]
    public async Task Socket_AskedForWhatIsOfTheModules_Has404(string method, string path)
    {
        await using var server = await StartAsync();
        await server.BindAsync("s", "https://example.org/");
        using var client = ApiClient.AtSocketOf(_folder.Path);

        (await client.SendAsync(method, path)).Status.Should().Be(404);
    }

    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    public async Task Socket_AskedForHealth_Answers(string path)
    {
        await using var server = await StartAsync();

        (await AskAsync(path)).Status.Should().Be(200);
    }

    [Test]
    public async Task Socket_OfAServerWhoseConnectionsAreAllTaken_StillAnswers()
    {
        await using var server = await TealProcess.ServeAsync(_folder.Path, openFiles: 256, "--DataDirectory", _folder.Path);
        var strangers = new List<TcpClient>();
        for (var i = 0; i < 200; i++)
        {
            strangers.Add(new TcpClient());
            try
            {
                await strangers[^1].ConnectAsync(server.Listener.Host, server.Listener.Port).WithinLimit();
                await strangers[^1].GetStream().WriteAsync("GET /callback?state="u8.ToArray());
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                // There was no place for it.
            }
        }

        (await AskAsync("/api/v1/status")).Status.Should().Be(200);

        foreach (var stranger in strangers) stranger.Dispose();
    }

    [Test]
    public async Task Socket_WithMoreConnectionsThanItHas_DropsThoseThatAreIdle()
    {
        await using var server = await StartAsync();
        var idle = new List<Socket>();
        for (var i = 0; i < 40; i++)
        {
            idle.Add(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
            await idle[^1].ConnectAsync(new UnixDomainSocketEndPoint(SocketPath)).WithinLimit();
        }

        await Eventually.HoldsAsync(IsAnsweredAsync, "an answer");

        foreach (var socket in idle) socket.Dispose();

        // One that has come at this moment is not dropped yet, and the next connection is closed then.
        async Task<bool> IsAnsweredAsync()
        {
            try
            {
                return (await AskAsync("/api/v1/status")).Status == 200;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    [Test]
    public async Task Socket_AskedByAPage_Has403()
    {
        await using var server = await StartAsync();
        using var client = ApiClient.AtSocketOf(_folder.Path);

        var answer = await client.SendAsync("GET", "/api/v1/status", headers: "Origin: https://evil.example");

        (answer.Status, answer.Code).Should().Be((403, "not_allowed"));
    }

    [Test]
    public async Task Socket_WhosePathIsTooLong_IsInTheRuntimeFolderAndTheTextSaysWhere()
    {
        var folder = _folder.Combine(new string('x', 120));
        var runtime = Directory.CreateDirectory(_folder.Combine("run"), Owner | UnixFileMode.UserExecute).FullName;
        var environment = new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = runtime };
        await using var server = await TealProcess.ServeAsync(_folder.Path, environment, "--DataDirectory", folder);

        var text = Path.Combine(folder, "teal.sock");
        var socket = (await File.ReadAllTextAsync(text)).TrimEnd('\n');
        Path.GetDirectoryName(socket).Should().Be(runtime);
        File.GetUnixFileMode(socket).Should().Be(Owner);
        File.GetUnixFileMode(text).Should().Be(Owner);
        await using (var status = TealProcess.Run(_folder.Path, ["status", "--DataDirectory", folder]))
            (await status.WaitAsync()).Should().Be(0, status.Errors);

        server.Signal(TealProcess.Terminate);
        (await server.WaitAsync()).Should().Be(0);
        Directory.GetFiles(runtime).Should().BeEmpty();
        File.Exists(text).Should().BeFalse();
    }

    private Task<TestServer> StartAsync(string? folder = null) =>
        TestServer.StartAsync(new Dictionary<string, string> { ["DataDirectory"] = folder ?? _folder.Path });

    private async Task<ApiReply> AskAsync(string path)
    {
        using var client = ApiClient.AtSocketOf(_folder.Path);
        return await client.SendAsync("GET", path);
    }

    private async Task<string?> UrlAsync() => (await AskAsync("/api/v1/status")).Json
        .GetProperty("modules").EnumerateArray().Single(module => module.GetProperty("name").GetString() == "Dispatcher")
        .GetProperty("url").GetString();
}
