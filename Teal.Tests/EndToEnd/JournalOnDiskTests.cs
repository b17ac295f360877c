using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>
/// What the built binary does with a disk that is full or cannot be written, with damaged files, and when it is told to forget.
/// </summary>
[NonParallelizable]
public sealed class JournalOnDiskTests
{
    private const int FirstMark = 1_000_000;

    private TemporaryFolder _folder = null!;
    private string _data = null!;
    private bool _isMounted;

    [SetUp]
    public void Start()
    {
        _folder = new TemporaryFolder();
        _data = _folder.Combine("data");
    }

    [TearDown]
    public void Stop()
    {
        if (_isMounted) Run("umount", _data).Should().Be(0);
        _folder.Dispose();
    }

    [Test]
    public async Task FullDisk_UnderLoad_Gets503LosesNothingAndGoesOnWithRoom()
    {
        Mount("size=3m");
        await using var server = await ServeAsync();
        await BindAsync(server);
        var answered = new List<int>();
        var filling = new string('x', 20_000);
        var status = 204;
        for (var i = 0; status == 204; i++)
        {
            i.Should().BeLessThan(1000, "the disk must be full some time");
            status = (await RawHttp.SendAsync(server.Listener, "GET", $"/callback?state=s&n={i}.&x={filling}", [])).Status;
            if (status == 204) answered.Add(i);
        }

        status.Should().Be(503);
        await Eventually.HoldsAsync(
            () => server.Errors.Contains("is full. Make room", StringComparison.Ordinal), "what to do about a full disk");
        (await RawHttp.SendAsync(server.Listener, "GET", "/health/ready", [])).Status.Should().Be(503);

        Run("mount", "-o", "remount,size=50m", _data).Should().Be(0);
        (await RawHttp.SendAsync(server.Listener, "GET", "/callback?state=s&n=1000.", [])).Status.Should().Be(204);
        answered.Add(1000);
        (await NumbersAsync(server)).Should().Equal(answered);
        await server.KillAsync();
        await using var again = await ServeAsync();
        (await NumbersAsync(again)).Should().Equal(answered);
    }

    [Test]
    public async Task ReadOnlyFolder_AtStart_EndsWith74AndSaysWhatToDo()
    {
        Mount("size=3m,ro");
        await using var server = TealProcess.Run(_folder.Path, ["serve", "--DataDirectory", _data]);

        (await server.WaitAsync()).Should().Be(74);
        server.Errors.Should().Contain("cannot be written").And.Contain("Teal:DataDirectory").And.NotContain("   at ");
    }

    [Test]
    public async Task TornLastWrite_AfterAKill_LosesNothing()
    {
        var server = await ServeAsync();
        await BindAsync(server);
        for (var i = 0; i < 50; i++)
            (await RawHttp.SendAsync(server.Listener, "GET", $"/callback?state=s&n={i}.", [])).Status.Should().Be(204);
        await server.KillAsync();
        await server.DisposeAsync();

        // What a write leaves that the power cut short.
        await using (var wal = File.Open(Path.Combine(_data, "teal.db-wal"), FileMode.Append)) await wal.WriteAsync(new byte[2500]);

        await using var again = await ServeAsync();
        (await NumbersAsync(again)).Should().Equal(Enumerable.Range(0, 50));
    }

    [Test]
    public async Task DamagedLastPage_AtStart_EndsWith74AndChangesNothing()
    {
        var server = await ServeAsync();
        await BindAsync(server);
        for (var i = 0; i < 50; i++)
            await RawHttp.SendAsync(server.Listener, "GET", $"/callback?state=s&n={i}.&x={new string('x', 2000)}", []);
        server.Signal(TealProcess.Terminate);
        (await server.WaitAsync()).Should().Be(0);
        await server.DisposeAsync();
        var path = Path.Combine(_data, "teal.db");
        var content = await File.ReadAllBytesAsync(path);
        Random.Shared.NextBytes(content.AsSpan(^4096..));
        await File.WriteAllBytesAsync(path, content);

        await using var again = TealProcess.Run(_folder.Path, ["serve", "--DataDirectory", _data]);

        (await again.WaitAsync()).Should().Be(74);
        again.Errors.Should().Contain("is damaged").And.Contain("Nothing was changed").And.Contain("backup");
        (await File.ReadAllBytesAsync(path)).Should().Equal(content);
    }

    [Test]
    public async Task Purge_All_LeavesNothingInTheFiles()
    {
        var server = await ServeAsync();
        await BindAsync(server);
        for (var i = 0; i < 600; i++) await RawHttp.SendAsync(server.Listener, "GET", $"/callback?state=s&n={i}.&x=s3cr3t", []);
        await server.KillAsync();
        await server.DisposeAsync();
        Contents().Should().Contain("s3cr3t");

        await using var purge = TealProcess.Run(_folder.Path, ["purge", "--all", "--DataDirectory", _data]);
        (await purge.WaitAsync()).Should().Be(0, purge.Errors);
        purge.Output.Should().Be("600 events were purged.\n");
        Contents().Should().NotContain("s3cr3t");

        await using var again = await ServeAsync();
        (await NumbersAsync(again)).Should().BeEmpty();
        (await RawHttp.SendAsync(again.Listener, "GET", "/callback?state=s&n=1.", [])).Status.Should().Be(204, "states stay");
    }

    [Test]
    public async Task Purge_OfOneTopic_SaysHowManyEventsThereWereAndLeavesNothingOfThem()
    {
        await using (var server = await ServeAsync())
        {
            await BindAsync(server);
            for (var i = 0; i < 600; i++) await RawHttp.SendAsync(server.Listener, "GET", $"/callback?state=s&n={i}.&x=s3cr3t", []);
            await server.KillAsync();
        }

        (await PurgeAsync("--domain", "nobody")).Should().Be("0 events were purged.\n");
        (await PurgeAsync("--state", "s")).Should().Be("600 events were purged.\n");
        Contents().Should().NotContain("s3cr3t");
        (await PurgeAsync("--state", "s")).Should().Be("0 events were purged.\n");

        async Task<string> PurgeAsync(params string[] arguments)
        {
            await using var purge = TealProcess.Run(_folder.Path, ["purge", .. arguments, "--DataDirectory", _data]);
            (await purge.WaitAsync()).Should().Be(0, purge.Errors);
            return purge.Output;
        }
    }

    [TestCase("--all")]
    [TestCase("--state", "s")]
    public async Task Purge_WhereThereIsNoStore_SaysSoAndMakesNone(params string[] arguments)
    {
        var nowhere = _folder.Combine("nowhere");
        await using var purge = TealProcess.Run(_folder.Path, ["purge", .. arguments, "--DataDirectory", nowhere]);

        (await purge.WaitAsync()).Should().Be(74);
        purge.Errors.Should().Be(
            $"teal: there is no store of Teal in {nowhere}. Give the folder of the server, as in --DataDirectory /var/lib/teal.\n");
        Directory.Exists(nowhere).Should().BeFalse();
    }

    [TestCase]
    [TestCase("--all", "--state", "s")]
    public async Task Purge_WithoutSayingWhat_EndsWith64(params string[] arguments)
    {
        await using var purge = TealProcess.Run(_folder.Path, ["purge", .. arguments]);

        (await purge.WaitAsync()).Should().Be(64);
        purge.Errors.Should().Contain("--all");
    }

    [TestCase("/health/ready?for=listener", 200, "{\"status\":\"ready\",\"dependencies\":{\"store\":\"ok\"}")]
    [TestCase("/health/ready?for=kitchen", 400, "for can be listener")]
    public async Task Health_ForAModule_AsksWhatThatNeeds(string target, int status, string part)
    {
        await using var server = await ServeAsync();

        var answer = await RawHttp.SendAsync(server.Listener, "GET", target, []);

        answer.Status.Should().Be(status);
        answer.Body.Should().Contain(part);
    }

    [Test]
    public async Task Health_OfAServer_TellsWhatTheJournalHolds()
    {
        await using var server = await ServeAsync();
        await BindAsync(server);
        for (var i = 0; i < 3; i++) await RawHttp.SendAsync(server.Listener, "GET", $"/callback?state=s&n={i}.", []);

        var health = JsonDocument.Parse((await RawHttp.SendAsync(server.Listener, "GET", "/health/ready", [])).Body).RootElement;
        health.GetProperty("journal").GetProperty("events").GetInt64().Should().Be(3);
        health.GetProperty("journal").GetProperty("size").GetInt64().Should().BeInRange(3 * 100, 3 * 1000);
    }

    private static async Task BindAsync(TealProcess server)
    {
        await using var client = await TestClient.ConnectAsync(server.Dispatcher);
        await client.BindAsync("s");
    }

    private static async Task<List<int>> NumbersAsync(TealProcess server)
    {
        await using var client = await TestClient.ConnectAsync(server.Dispatcher, subprotocol: "teal.v2");
        await client.SendAsync("{\"id\":1,\"register_to\":{\"type\":\"callback\",\"state\":\"s\",\"after\":\"earliest\"}}");
        (await client.ReceiveAsync()).Should().Contain("ack");

        // One more, so that it is known where they end.
        var end = Random.Shared.Next(FirstMark, int.MaxValue);
        (await RawHttp.SendAsync(server.Listener, "GET", $"/callback?state=s&n={end}.", [])).Status.Should().Be(204);
        var numbers = new List<int>();
        while (numbers.LastOrDefault() != end)
        {
            var url = JsonDocument.Parse((await client.ReceiveAsync())!).RootElement.GetProperty("url").GetString()!;
            numbers.Add(int.Parse(Regex.Match(url, @"n=(\d+)\.").Groups[1].Value, CultureInfo.InvariantCulture));
        }

        return [.. numbers.Where(static number => number < FirstMark)];
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit(10_000);
        return process.ExitCode;
    }

    private void Mount(string options)
    {
        Directory.CreateDirectory(_data);
        _isMounted = Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", _data) == 0;
        if (!_isMounted) Services.Lack("a file system of its own cannot be mounted here; that takes root");
    }

    private string Contents() =>
        string.Concat(Directory.GetFiles(_data, "teal.db*").Select(static path => File.ReadAllText(path, System.Text.Encoding.Latin1)));

    private Task<TealProcess> ServeAsync() => TealProcess.ServeAsync(_folder.Path, "--DataDirectory", _data);
}
