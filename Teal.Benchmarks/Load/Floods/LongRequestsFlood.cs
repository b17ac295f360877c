namespace Teal.Benchmarks.Load.Floods;

/// <summary>As many long requests at once as an address may have connections.</summary>
internal sealed class LongRequestsFlood : IFlood
{
    private const int Connections = 1_000, Length = 60_000;

    public string Name => "long-requests";

    public string Title => $"{Connections:N0} connections call one state at once, with {Length:N0} characters in the query";

    public bool IsForDistributed => true;

    public IDisposable Start(FloodTarget target)
    {
        var state = Requests.Random();
        KeptEvents.Create(target, state);
        ReadOnlyMemory<byte> request = Requests.Callback($"state={state}&x={new string('a', Length)}");
        return new Repeater(target, target.Server.HttpPort, target.Options.Scale(Connections), _ => [request]);
    }
}
