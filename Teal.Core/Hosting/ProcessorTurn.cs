using System.Diagnostics;

namespace Teal.Core.Hosting;

/// <summary>
/// Leaves the processor to threads that were woken and wait for it. Linux lets a busy thread go on until its next tick, often 4 ms. A callback passes through several threads, and
/// the disk has one too: where all processors are busy, it would wait that long before each.
/// </summary>
public static class ProcessorTurn
{
    // Shorter turns would leave nearly all to another program that never sleeps: Linux gives it a whole tick each time.
    private static readonly long Length = Stopwatch.Frequency / 2_000;

    [ThreadStatic]
    private static long _began;

    /// <summary>Leaves it, where this thread has not done so for half a millisecond. For whoever does something for many, between one and the next.</summary>
    public static void GiveWay()
    {
        if (Stopwatch.GetTimestamp() - _began < Length) return;

        Thread.Yield();
        _began = Stopwatch.GetTimestamp();
    }
}
