namespace Teal.Benchmarks.Load.Floods;

/// <summary>All floods, in the order in which they are run.</summary>
internal static class FloodCatalogue
{
    // Made anew for each run, as some remember what they have done.
    public static IReadOnlyList<IFlood> All =>
    [
        new NothingFlood(), new UnfinishedBodiesFlood(), new LargeWebhooksFlood(), new NotificationsFlood(), new OwnStateFlood(),
        new LongRequestsFlood(), new FreestandingStatesFlood(),
        new DeafReplayFlood(), new DeafClientsFlood(), new IdleConnectionsFlood(), new GuessesFlood(), new CreatingAgainFlood(),
        new DeletingFlood(),
        new CostlyBodiesFlood(), new UnknownStatesFlood(), new BrokenBodiesFlood(),
    ];

    /// <summary>The floods of those names; no name: all.</summary>
    public static IReadOnlyList<IFlood> Choose(IReadOnlyList<string> names) =>
        names.Count == 0 ? All : [.. All.Where(flood => names.Contains(flood.Name))];
}
