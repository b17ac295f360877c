namespace Teal.Core.Bus;

/// <summary>Bounds of the in-process bus.</summary>
public sealed class InProcessBusOptions
{
    /// <summary>
    /// How many events it holds for a dispatcher that has not fanned them out yet. Default 10,000. When it is full, the dispatcher reads
    /// further ones from the journal.
    /// </summary>
    public int QueueLength { get; set; } = 10_000;

    /// <summary>
    /// How many bytes the large ones of those (over 16 KiB) may take in memory; those that come at the same moment may exceed it. Default
    /// 16 MiB.
    /// </summary>
    public long QueueSize { get; set; } = 16 * 1024 * 1024;
}
