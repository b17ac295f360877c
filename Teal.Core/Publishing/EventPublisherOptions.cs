namespace Teal.Core.Publishing;

/// <summary>Bounds of the way from the listener to the bus.</summary>
public sealed class EventPublisherOptions
{
    /// <summary>How long an event may take to be kept before its sender gets a 503. Default 5 seconds.</summary>
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many kept events may wait until the bus takes them. Default 10,000. Of further ones the bus does not tell, and dispatchers find
    /// them in the journal.
    /// </summary>
    public int MaximumUntold { get; set; } = 10_000;

    /// <summary>How many bytes those may take in memory; one may exceed it. Default 16 MiB.</summary>
    public long MaximumUntoldSize { get; set; } = 16 * 1024 * 1024;
}
