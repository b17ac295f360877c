namespace Teal.Core.Publishing;

/// <summary>What became of an event that was handed to the <see cref="EventPublisher"/>.</summary>
public enum PublishResult
{
    /// <summary>Teal has taken responsibility for the event.</summary>
    Accepted,

    /// <summary>The event could not be kept; its sender must be told to try again.</summary>
    Unavailable,
}
