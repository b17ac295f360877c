using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>Clients that make a state again, as many programs do at each start, while many of its events are kept.</summary>
internal sealed class CreatingAgainFlood : IFlood
{
    private const int Clients = 12, SmallEvents = 10_000, LargeEvents = 3_000, LargeLength = 60_000;

    private readonly string[] _states = [Requests.Random(), Requests.Random()];

    public string Name => "creating-again";

    public string Title => $"{Clients} clients create states again that have {SmallEvents:N0} small events or {LargeEvents:N0} of 60 KB";

    public bool IsForDistributed => true;

    public TimeSpan Ceiling => TimeSpan.FromMilliseconds(20);

    public void Prepare(FloodTarget target)
    {
        foreach (var state in _states) KeptEvents.Create(target, state);
        KeptEvents.Callbacks(target, _states[0], target.Options.Scale(SmallEvents), length: 10);
        KeptEvents.Callbacks(target, _states[1], target.Options.Scale(LargeEvents), LargeLength);
    }

    public IDisposable Start(FloodTarget target) =>
        new BusyClients(target, Clients, (_, index) => ExtendedMessages.Create(_states[index % _states.Length]));
}
