namespace Teal.Benchmarks.Load.Floods;

/// <summary>States that say themselves where they lead: a topic each, which nobody had to make.</summary>
internal sealed class FreestandingStatesFlood : IFlood
{
    private const int Connections = 4, Length = 65_000;

    private int _number;

    public string Name => "freestanding-states";

    public string Title => $"{Connections} connections call freestanding states, every other one with {Length:N0} characters in the query";

    public IReadOnlyList<string> Settings =>
    [
        .. SmallRoom.Settings, "--Listener:PowensRedirectFallback", "true", "--Listener:PowensRedirectHosts", "*.biapi.pro",
    ];

    public bool IsForDistributed => true;

    public IDisposable Start(FloodTarget target)
    {
        var query = new string('a', Length);
        return new Repeater(target, target.Server.HttpPort, Connections, _ => [Requests.Callback(
            $"state=B1021budgea_{_number++}&x={(_number % 2 == 0 ? query : "")}")]);
    }
}
