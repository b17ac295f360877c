using BenchmarkDotNet.Attributes;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Dispatcher.Protocols;

namespace Teal.Benchmarks.Micro;

/// <summary>The forms of a redirect, of some 300 bytes: in frames for clients, as JSON for the journal.</summary>
public class EncodingBenchmark
{
    private readonly CallbackEvent _event = Samples.Callback(Samples.State) with { Place = new EventPlace("journal", 2, 1) };
    private readonly ClassicProtocol _classic = new();
    private readonly TealV2Protocol _extended = new(new CursorOrigins(new MemoryEventJournal(new JournalOptions(), TimeProvider.System)));

    [Benchmark]
    public object ForClassicClients() => new EventFrames(_event).For(_classic);

    [Benchmark]
    public object ForTealV2Clients() => new EventFrames(_event).For(_extended);

    [Benchmark]
    public byte[] ForTheJournal() => EventJson.EncodeForJournal(_event);
}
