using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>
/// One server of each kind for all scenes that can share them, so that each is started and warmed up once: .NET compiles what is used most
/// for as long as half a minute, and a server in production runs for months.
/// </summary>
internal sealed class SharedServers(EventLoop loop, LoadOptions options, Progress progress) : IAsyncDisposable
{
    private static readonly PublishShape FirstLoad = new(Topics: 64, SubscribersPerTopic: 1, Outstanding: 32);

    private IReadOnlyList<LoadServer> _running = [];

    /// <summary>The servers, which run; bare Kestrel first, as the others are held against it.</summary>
    public async Task<IReadOnlyList<LoadServer>> GetAsync()
    {
        if (_running.Count > 0) return _running;

        _running =
        [
            new FloorServerProcess(), new NchanServer(), new NodeServer(), TealServer.Durable(), TealServer.InMemory(),
            new DistributedTealServer(),
        ];
        foreach (var server in _running) await StartAsync(server);
        return _running;
    }

    /// <summary>Ends them; the next scene that needs them has them started anew.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _running) await server.DisposeAsync();
        _running = [];
    }

    private async Task StartAsync(LoadServer server)
    {
        progress.Tell($"{server.Name} starts and warms up");
        await server.StartAsync(options);
        using var load = new PublishLoad(loop, server, FirstLoad);
        await options.WarmUpAsync(load, options.IsShort ? 1 : server.FirstWarmUps);
    }
}
