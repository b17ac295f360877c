namespace Teal.Benchmarks.Load.Floods;

/// <summary>An end user who has one state of his own calls it with the longest URLs.</summary>
internal sealed class OwnStateFlood : IFlood
{
    private const int Connections = 4, Length = 65_000;

    public string Name => "own-state";

    public string Title => $"{Connections} connections call one state with {Length:N0} characters in the query";

    public IReadOnlyList<string> Settings => SmallRoom.Settings;

    public bool IsForDistributed => true;

    public IDisposable Start(FloodTarget target)
    {
        var state = Requests.Random();
        KeptEvents.Create(target, state);
        ReadOnlyMemory<byte> request = Requests.Callback($"state={state}&x={new string('a', Length)}");
        return new Repeater(target, target.Server.HttpPort, Connections, _ => [request]);
    }
}
