namespace Teal.Benchmarks.Load.Floods;

/// <summary>A journal that some seconds fill, where the default would take a minute.</summary>
internal static class SmallRoom
{
    public static IReadOnlyList<string> Settings { get; } = ["--Journal:MaximumSize", "256 MiB", "--Journal:MaximumEvents", "20000"];
}
