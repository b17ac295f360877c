namespace Teal.Benchmarks.Load.Floods;

/// <summary>States are tried that nobody made.</summary>
internal sealed class UnknownStatesFlood : IFlood
{
    private const int Connections = 8;

    public string Name => "unknown-states";

    public string Title => $"{Connections} connections call random states";

    public IDisposable Start(FloodTarget target) =>
        new Repeater(target, target.Server.HttpPort, Connections, static _ => [Requests.Callback($"state={Requests.Random()}&code=1")]);
}
