using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>The same for several servers: all of them run at once, are warmed up, and take turns under load.</summary>
internal static class Turns
{
    /// <summary>Starts the servers, measures each of them in each round, and ends them.</summary>
    /// <param name="scene">What the progress calls it.</param>
    /// <param name="servers">The servers, not started.</param>
    /// <param name="connect">The load on one of them, which runs.</param>
    /// <param name="options">How often and how long.</param>
    /// <param name="progress">Hears of each step.</param>
    /// <returns>The servers in their order.</returns>
    public static async Task<IReadOnlyList<ServerRounds>> RunAsync(
        string scene, IReadOnlyList<LoadServer> servers, Func<LoadServer, ILoad> connect, LoadOptions options, Progress progress)
    {
        var all = servers.Select(static server => new ServerRounds(server.Name)).ToArray();
        var loads = new List<ILoad>();
        try
        {
            foreach (var server in servers)
            {
                progress.Tell($"{scene}: {server.Name} starts and warms up");
                await server.StartAsync(options);
                loads.Add(connect(server));
                await options.WarmUpAsync(loads[^1]);
            }

            for (var round = 1; round <= options.Rounds; round++)
            {
                progress.Tell($"{scene}: round {round} of {options.Rounds}");
                foreach (var (side, load) in all.Zip(loads)) side.Measurements.Add(load.Run(options.RoundTime));
            }
        }
        finally
        {
            foreach (var load in loads) load.Dispose();
            foreach (var server in servers) await server.DisposeAsync();
        }

        return all;
    }
}
