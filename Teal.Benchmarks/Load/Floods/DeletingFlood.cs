using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>Clients that delete states of which many events are kept, and make them again.</summary>
internal sealed class DeletingFlood : IFlood
{
    private const int SmallStates = 3, SmallEvents = 10_000, LargeStates = 1, LargeEvents = 3_000, LargeLength = 60_000;

    private readonly string[] _states = [.. Enumerable.Range(0, SmallStates + LargeStates).Select(static _ => Requests.Random())];

    public string Name => "deleting";

    public string Title =>
        $"{SmallStates + LargeStates} clients delete a state each, with {SmallEvents:N0} small events or {LargeEvents:N0} of 60 KB, and "
            + "then create it and delete it in a loop";

    public bool IsForDistributed => true;

    public TimeSpan Ceiling => TimeSpan.FromMilliseconds(20);

    public void Prepare(FloodTarget target)
    {
        foreach (var (index, state) in _states.Index())
        {
            var isSmall = index < SmallStates;
            KeptEvents.Create(target, state);
            KeptEvents.Callbacks(target, state, target.Options.Scale(isSmall ? SmallEvents : LargeEvents), isSmall ? 10 : LargeLength);
        }
    }

    public IDisposable Start(FloodTarget target) => new BusyClients(
        target, _states.Length,
        (client, index) => client.Answers % 2 == 0 ? ExtendedMessages.Delete(_states[index]) : ExtendedMessages.Create(_states[index]));
}
