using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Client;

/// <summary>Processor time.</summary>
/// <param name="Server">Of the server itself.</param>
/// <param name="All">Of the server and what it uses.</param>
/// <param name="Generator">Of the load generator.</param>
internal readonly record struct Usage(TimeSpan Server, TimeSpan All, TimeSpan Generator)
{
    public static Usage operator -(Usage end, Usage start) =>
        new(end.Server - start.Server, end.All - start.All, end.Generator - start.Generator);

    /// <summary>What has been used until now.</summary>
    public static Usage Now(LoadServer server, EventLoop generator) => new(server.Process.ReadCpu(), server.ReadCpu(), generator.BusyTime);
}
