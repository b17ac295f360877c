namespace Teal.Benchmarks.Load.Client;

/// <summary>What clients do to a server.</summary>
internal interface ILoad : IDisposable
{
    /// <summary>Does it for a time, and measures.</summary>
    Measurement Run(TimeSpan time);
}
