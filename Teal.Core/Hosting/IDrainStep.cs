namespace Teal.Core.Hosting;

/// <summary>Something that has to come to an end in order when the process is told to stop.</summary>
public interface IDrainStep
{
    /// <summary>When it is its turn; steps of one stage run side by side.</summary>
    DrainStage Stage { get; }

    /// <summary>Completes when the step is done. When the token is cancelled the deadline is over, and it gives up.</summary>
    Task DrainAsync(CancellationToken cancellationToken);
}
