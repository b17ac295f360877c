namespace Teal.Core.Hosting;

/// <summary>Something outside of the process that it needs to do its work, for the readiness answer.</summary>
public interface IDependencyProbe
{
    /// <summary>What it is for, as in <c>bus</c> or <c>store</c>.</summary>
    string Name { get; }

    /// <summary>Whether it can be used now. Takes a few seconds at most, and never throws.</summary>
    ValueTask<bool> IsAvailableAsync(CancellationToken cancellationToken);
}
