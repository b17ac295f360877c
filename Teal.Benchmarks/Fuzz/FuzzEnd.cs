namespace Teal.Benchmarks.Fuzz;

/// <summary>What a connection does when it has sent all.</summary>
internal enum FuzzEnd
{
    /// <summary>It says that it sends no more, and reads to the end.</summary>
    HalfClose,

    /// <summary>It waits until nothing more comes.</summary>
    Wait,

    /// <summary>It breaks.</summary>
    Reset,
}
