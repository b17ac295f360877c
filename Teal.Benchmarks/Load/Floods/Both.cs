namespace Teal.Benchmarks.Load.Floods;

/// <summary>Two parts of one flood.</summary>
internal sealed class Both(IDisposable one, IDisposable other) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        other.Dispose();
        one.Dispose();
    }
}
