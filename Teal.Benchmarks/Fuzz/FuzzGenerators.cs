namespace Teal.Benchmarks.Fuzz;

/// <summary>All generators; they run side by side.</summary>
internal static class FuzzGenerators
{
    public static IReadOnlyList<IFuzzGenerator> All { get; } = [new HttpGenerator(), new WebSocketGenerator(), new BodyGenerator()];
}
