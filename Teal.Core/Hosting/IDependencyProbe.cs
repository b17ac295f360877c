namespace Teal.Core.Hosting;

/// <summary>Something outside of the process that it needs to do its work, for the readiness answer.</summary>
public interface IDependencyProbe
{
    /// <summary>The name of what keeps states and events.</summary>
    const string Store = "store";

    /// <summary>What it is for, as in <c>bus</c> or <c>store</c>.</summary>
    string Name { get; }

    /// <summary>What it can do now. Takes a few seconds at most, and never throws.</summary>
    ValueTask<DependencyState> CheckAsync(CancellationToken cancellationToken);
}
