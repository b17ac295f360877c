using System.Net.Sockets;
using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>The same for several servers, which run all at once: each is warmed up for it, and then they take turns under load.</summary>
internal static class Turns
{
    /// <summary>Measures each of the servers in each round.</summary>
    /// <param name="scene">What the progress calls it.</param>
    /// <param name="servers">The servers, which run.</param>
    /// <param name="connect">The load on one of them.</param>
    /// <param name="run">How often.</param>
    /// <param name="roundTime">How long each time.</param>
    /// <returns>The servers in their order.</returns>
    public static async Task<IReadOnlyList<ServerRounds>> RunAsync(
        string scene, IReadOnlyList<LoadServer> servers, Func<LoadServer, ILoad> connect, SceneRun run, TimeSpan roundTime)
    {
        var all = servers.Select(static server => new ServerRounds(server.Name)).ToArray();
        var loads = new List<ILoad>();
        try
        {
            run.Progress.Tell($"{scene}: clients connect, and all warm up");
            foreach (var server in servers)
            {
                loads.Add(connect(server));
                await run.Options.WarmUpAsync(loads[^1], times: 1);
            }

            for (var round = 1; round <= run.Options.Rounds; round++)
            {
                run.Progress.Tell($"{scene}: round {round} of {run.Options.Rounds}");
                foreach (var (side, load) in all.Zip(loads)) side.Measurements.Add(Measure(side.Name, load));
            }
        }
        finally
        {
            foreach (var load in loads) load.Dispose();
        }

        return all;

        Measurement Measure(string server, ILoad load)
        {
            try
            {
                var measurement = load.Run(roundTime);
                if (measurement.Lost > 0) run.Progress.Tell($"{scene}: {server} lost {measurement.Lost:N0}");
                return measurement;
            }
            catch (SocketException exception)
            {
                throw new InvalidOperationException($"{server} failed in {scene}: {exception.Message}", exception);
            }
        }
    }
}
