using Teal.Benchmarks.Load.Reports;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>One thing that servers are compared in.</summary>
internal interface IScene
{
    /// <summary>What <c>--scenes</c> calls it.</summary>
    string Name { get; }

    /// <summary>Whether it uses the servers that scenes share; they end before one that does not.</summary>
    bool SharesServers => false;

    /// <summary>Runs it on all its servers, in turns; tells the progress of each step.</summary>
    Task<SceneReport> RunAsync(SceneRun run);
}
