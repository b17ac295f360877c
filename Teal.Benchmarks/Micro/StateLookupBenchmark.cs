using BenchmarkDotNet.Attributes;
using Teal.Core.States;

namespace Teal.Benchmarks.Micro;

/// <summary>Finds a state; the embedded store looks in the same memory.</summary>
public class StateLookupBenchmark
{
    private readonly MemoryCallbackStateStore _store = new(new CallbackStateOptions(), TimeProvider.System);
    private string[] _states = [];
    private int _next;

    [Params(1_000, 100_000)]
    public int States { get; set; }

    [GlobalSetup]
    public async Task Fill()
    {
        _states = Samples.States(States);
        foreach (var state in _states)
            await _store.PutAsync(
                new CallbackState(state, "https://app.example.org/done", false, Samples.FarInstant, "anonymous"), CancellationToken.None);
    }

    [Benchmark]
    public ValueTask<CallbackState?> Find() => _store.FindAsync(_states[(_next = (_next + 7919) % _states.Length)], CancellationToken.None);
}
