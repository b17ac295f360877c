namespace Teal.Listener.Http;

/// <summary>
/// Gives memory back to the operating system when a storm of bodies is over. .NET collects garbage when something is allocated, and lets go of memory that stayed free
/// for some collections; a process that is quiet after a storm does neither, and would keep what the storm took.
/// </summary>
internal sealed class MemoryReturn(TimeProvider clock)
{
    /// <summary>How often it collects, and how many times.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private const int Times = 20;

    // Where more lives than so many times what was let go, looking through all of that is not worth it.
    private const int MostLiving = 4;

    private int _left;

    /// <summary>Begins to give back, after so many bytes were let go.</summary>
    public void Begin(long bytes)
    {
        if (GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes > MostLiving * bytes) return;
        if (Interlocked.Exchange(ref _left, Times) == 0) _ = CollectAsync();
    }

    // In the background: that holds the others up for a millisecond or two at a time. A collection that gives all back at once takes a hundred.
    private async Task CollectAsync()
    {
        do
        {
            await Task.Delay(Interval, clock);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false, compacting: false);
        }
        while (Interlocked.Decrement(ref _left) > 0);
    }
}
