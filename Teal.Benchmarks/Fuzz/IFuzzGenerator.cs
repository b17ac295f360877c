namespace Teal.Benchmarks.Fuzz;

/// <summary>Makes inputs of one kind, and judges what a server does with them.</summary>
internal interface IFuzzGenerator
{
    /// <summary>What <c>--only</c> and the report call it.</summary>
    string Name { get; }

    /// <summary>How many inputs are under way at a time.</summary>
    int Workers { get; }

    /// <summary>Makes an input, which follows from the random numbers alone.</summary>
    FuzzInput Make(Random random);

    /// <summary>Sends it from an address, and tells what came back.</summary>
    Task<FuzzOutcome> TryAsync(FuzzInput input, FuzzTarget target, CancellationToken cancellationToken);
}
