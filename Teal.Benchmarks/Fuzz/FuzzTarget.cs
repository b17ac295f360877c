using System.Net;

namespace Teal.Benchmarks.Fuzz;

/// <summary>The server, and from where it is talked to.</summary>
/// <param name="ListenerPort">Where strangers come.</param>
/// <param name="DispatcherPort">Where clients come.</param>
/// <param name="From">An address on loopback, another one for each input, so that bounds for one address do not end the test.</param>
internal sealed record FuzzTarget(int ListenerPort, int DispatcherPort, IPAddress From)
{
    /// <summary>The port of an input.</summary>
    public int PortFor(FuzzInput input) => input.IsForDispatcher ? DispatcherPort : ListenerPort;
}
