using BenchmarkDotNet.Attributes;
using Teal.Listener.Http;

namespace Teal.Benchmarks.Micro;

/// <summary>From the request line to the state.</summary>
public class TargetBenchmark
{
    private readonly string _target = Samples.Target;

    [Benchmark]
    public string? Parse() => QueryParameters.FindLast(RequestTarget.Parse(_target).Query.Span, "state");
}
