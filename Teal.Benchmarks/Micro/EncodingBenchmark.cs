using BenchmarkDotNet.Attributes;
using Teal.Core.Events;
using Teal.Core.Wire;
using Teal.Dispatcher.Protocols;

namespace Teal.Benchmarks.Micro;

/// <summary>The JSON forms of a redirect, of some 300 bytes.</summary>
public class EncodingBenchmark
{
    private readonly CallbackEvent _event = Samples.Callback(Samples.State) with { Place = new EventPlace("journal", 2, 1) };
    private readonly TealV2Protocol _protocol = new();

    [Benchmark]
    public byte[] ForClassicClients() => EventJson.EncodeForClients(_event);

    [Benchmark]
    public byte[] ForTealV2Clients() => _protocol.EncodeEvent(_event);

    [Benchmark]
    public byte[] ForTheJournal() => EventJson.EncodeForBus(_event);
}
