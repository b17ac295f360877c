using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>What a scene is run with.</summary>
/// <param name="Loop">The load generator.</param>
/// <param name="Options">How often and how long.</param>
/// <param name="Progress">Hears of each step.</param>
/// <param name="Servers">For the scenes that share them.</param>
internal sealed record SceneRun(EventLoop Loop, LoadOptions Options, Progress Progress, SharedServers Servers);
