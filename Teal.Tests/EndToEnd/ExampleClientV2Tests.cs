using System.Globalization;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>The client for <c>teal.v2</c> in <c>docs/examples</c>, in Python.</summary>
[Category("Python")]
[NonParallelizable]
internal sealed class ExampleClientV2Tests
{
    private static readonly string Script = $"{Path.GetFullPath(TealProcess.Metadata("RepositoryRoot"))}/docs/examples/client-v2.py";

    private readonly TemporaryFolder _folder = new();
    private TestServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        // Debian's, which has Debian's packages; another Python in front of it in the path may not.
        Services.Need(
            File.Exists("/usr/bin/python3") && File.Exists("/usr/lib/python3/dist-packages/websockets/__init__.py"),
            "python3-websockets is not installed; test.sh installs it");
        _server = await TestServer.StartAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        // It is null where there is no Python.
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Client_WhoseConnectionBreaks_PrintsEachCallbackOnce()
    {
        await using var relay = new TcpRelay(_server.Dispatcher.Port);
        await using var client = Run($"http://127.0.0.1:{relay.Port}");
        var state = await StateAsync(client);
        await HitAsync(state, 1);
        await Eventually.HoldsAsync(() => NumbersIn(client).Count == 1, "the first callback");

        relay.Break(isReset: true);
        for (var i = 2; i <= 4; i++) await HitAsync(state, i);

        await Eventually.HoldsAsync(() => NumbersIn(client).Count >= 4, "the callbacks that came meanwhile");
        await HitAsync(state, 5);
        await Eventually.HoldsAsync(() => NumbersIn(client).Contains(5), "one that comes afterwards");
        NumbersIn(client).Should().Equal(1, 2, 3, 4, 5);
    }

    [Test]
    public async Task Client_KilledAndStartedAgainWithItsFile_GoesOnWhereItWas()
    {
        string state;
        await using (var first = Run(_server.Dispatcher.ToString()))
        {
            state = await StateAsync(first);
            var place = await File.ReadAllTextAsync(_folder.Combine("place.json"));
            await HitAsync(state, 1);
            await Eventually.HoldsAsync(
                async () => await File.ReadAllTextAsync(_folder.Combine("place.json")) != place, "a place behind the first callback");
            await first.KillAsync();
        }

        await HitAsync(state, 2);
        await using var second = Run(_server.Dispatcher.ToString());
        await Eventually.HoldsAsync(() => NumbersIn(second).Count > 0, "what came meanwhile");
        await HitAsync(state, 3);
        await Eventually.HoldsAsync(() => NumbersIn(second).Contains(3), "what comes now");
        NumbersIn(second).Should().Equal(2, 3);
    }

    [TestCase("localhost:8081", "not an http or https URL")]
    [TestCase("LISTENER", "is not a dispatcher's address")]
    public async Task Client_WithAnAddressThatIsNoDispatchers_SaysSoAndEnds(string dispatcher, string message)
    {
        await using var client = Run(dispatcher == "LISTENER" ? _server.Listener.ToString() : dispatcher);

        (await client.WaitAsync()).Should().Be(1);
        await Eventually.HoldsAsync(() => client.Errors.Contains(message, StringComparison.Ordinal), "a message");
    }

    private TealProcess Run(string dispatcher) => TealProcess.RunShell(
        _folder.Path,
        "exec /usr/bin/python3 \"$SCRIPT\" \"$DISPATCHER\" place.json",
        new Dictionary<string, string> { ["SCRIPT"] = Script, ["DISPATCHER"] = dispatcher, ["TEAL_PASSWORD"] = TestServer.Password });

    private static async Task<string> StateAsync(TealProcess client)
    {
        const string Parameter = "?state=";
        await Eventually.HoldsAsync(() => client.HasExited || client.Output.Contains(Parameter, StringComparison.Ordinal), "a bound state");
        client.Errors.Should().BeEmpty();
        return client.Output.Split(Parameter)[1].Split('\n')[0];
    }

    private async Task HitAsync(string state, int number) =>
        (await _server.GetAsync($"/callback?state={state}&n={number}")).Status.Should().Be(204);

    private static List<int> NumbersIn(TealProcess client) =>
        [.. client.Output.Split('\n').Where(line => line.Contains("&n=", StringComparison.Ordinal)).Select(
            line => int.Parse(line.Split("&n=")[1], CultureInfo.InvariantCulture))];
}
