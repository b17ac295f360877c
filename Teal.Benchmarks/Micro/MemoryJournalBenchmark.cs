using BenchmarkDotNet.Attributes;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Kinds;

namespace Teal.Benchmarks.Micro;

/// <summary>
/// Keeps events in memory, where each topic has its most already, and beside it drops the same events: the difference is the price of
/// keeping.
/// </summary>
public class MemoryJournalBenchmark
{
    private const int Topics = 1000, EventsPerTopic = 200;

    private readonly string[] _states = Samples.States(Topics);
    private readonly MemoryEventJournal _journal = new(
        new JournalOptions { MaximumEventsPerTopic = EventsPerTopic, MaximumMemory = 1 << 30 }, TimeProvider.System);
    private int _next;

    [GlobalSetup(Target = nameof(Keep))]
    public async Task Fill()
    {
        for (var i = 0; i < Topics * EventsPerTopic; i++) await Keep();
    }

    [Benchmark]
    public TealEvent Drop() => Make();

    // Complete at once: there is nothing to wait for in memory.
    [Benchmark]
    public ValueTask<TealEvent> Keep() =>
        _journal.AppendAsync(Make(), new EventRetention(Samples.FarInstant, true), static _ => { }, CancellationToken.None);

    private CallbackEvent Make()
    {
        var state = _states[_next = (_next + 7) % Topics];
        return new CallbackEvent(Samples.Instant, string.Concat("https://callback.example.com", Samples.Target, state), state)
        {
            Owner = Identity.AnonymousName,
        };
    }
}
