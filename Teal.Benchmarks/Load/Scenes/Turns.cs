using System.Net.Sockets;
using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>The same for several servers, or for one in several sizes: each load is warmed up, and then they take turns.</summary>
internal static class Turns
{
    /// <summary>Measures each load in each round.</summary>
    /// <param name="scene">What the progress calls it.</param>
    /// <param name="loads">The servers' names, and how the load on each begins.</param>
    /// <param name="run">What the scenes have in common.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="roundTime">How long each time.</param>
    /// <returns>The rounds in the order of the loads.</returns>
    public static async Task<IReadOnlyList<ServerRounds>> RunAsync(
        string scene, IEnumerable<(string Server, Func<ILoad> Connect)> loads, SceneRun run, int rounds, TimeSpan roundTime)
    {
        var all = new List<ServerRounds>();
        var connected = new List<ILoad>();
        try
        {
            run.Progress.Tell($"{scene}: clients connect, and all warm up");
            foreach (var (server, connect) in loads)
            {
                all.Add(new ServerRounds(server));
                connected.Add(connect());
                await run.Options.WarmUpAsync(connected[^1], times: 1);
            }

            for (var round = 1; round <= rounds; round++)
            {
                run.Progress.Tell($"{scene}: round {round} of {rounds}");
                foreach (var (side, load) in all.Zip(connected)) side.Measurements.Add(Measure(side.Name, load));
            }
        }
        finally
        {
            foreach (var load in connected) load.Dispose();
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
