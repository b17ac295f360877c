using BenchmarkDotNet.Attributes;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;
using Teal.Web.WebSockets;

namespace Teal.Benchmarks.Micro;

/// <summary>The forms of a redirect, of some 300 bytes: in frames for clients, as JSON for the journal.</summary>
public class EncodingBenchmark
{
    private readonly CallbackEvent _event = Samples.Callback(Samples.State) with { Place = new EventPlace("journal", 2, 1) };
    private readonly ClassicDialect _classic = new();
    private readonly TealV2Dialect _extended = new(new CursorOrigins(new MemoryEventJournal(new JournalOptions(), TimeProvider.System)));

    [Benchmark]
    public object ForClassicClients() => new EventFrames(_event).For(_classic, WebSocketFraming.Instance);

    [Benchmark]
    public object ForTealV2Clients() => new EventFrames(_event).For(_extended, WebSocketFraming.Instance);

    [Benchmark]
    public byte[] ForTheJournal() => EventJson.EncodeForJournal(_event);
}
