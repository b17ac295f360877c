namespace Teal.Benchmarks.Fuzz;

/// <summary>What came of an input.</summary>
/// <param name="Received">What the server sent.</param>
/// <param name="Faults">Answers with a status that says that the server is at fault.</param>
/// <param name="Wrong">What is wrong with the answers otherwise; none: nothing.</param>
internal sealed record FuzzOutcome(byte[] Received, int Faults, string? Wrong)
{
    /// <summary>Nobody listened, or listens any more.</summary>
    public static FuzzOutcome Nothing { get; } = new([], 0, null);
}
