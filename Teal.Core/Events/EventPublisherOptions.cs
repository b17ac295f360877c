namespace Teal.Core.Events;

/// <summary>Bounds of the way from the listener to the bus.</summary>
public sealed class EventPublisherOptions
{
    /// <summary>How long an event may take to be kept before its sender gets a 503. Default 5 seconds.</summary>
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many events the in-process bus holds for a dispatcher that has not fanned them out yet. Default 10,000. When it is
    /// full, the dispatcher reads further ones from the journal.
    /// </summary>
    public int BusQueueLength { get; set; } = 10_000;

    /// <summary>How many bytes the large ones of those (over 16 KiB) may take in memory; those that come at the same moment may exceed it. Default 16 MiB.</summary>
    public long BusQueueSize { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// How many kept events may wait until the bus takes them. Default 10,000. Of further ones the bus does not tell, and dispatchers find
    /// them in the journal.
    /// </summary>
    public int MaximumUntold { get; set; } = 10_000;

    /// <summary>How many bytes those may take in memory; one may exceed it. Default 16 MiB.</summary>
    public long MaximumUntoldSize { get; set; } = 16 * 1024 * 1024;
}
