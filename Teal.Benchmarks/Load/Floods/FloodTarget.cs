using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>What a flood is run against.</summary>
/// <param name="Loop">The load generator.</param>
/// <param name="Server">The server, running.</param>
/// <param name="Options">How much and how long.</param>
/// <param name="Tally">What the server answers.</param>
internal sealed record FloodTarget(EventLoop Loop, TealServer Server, LoadOptions Options, Tally Tally);
