using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Teal.Core.Hosting;

/// <summary>
/// Leaves the processor to threads that were woken and wait for it. Linux lets a busy thread go on until its next tick, often 4 ms. A
/// callback passes through several threads, and the disk has one too: where all processors are busy, it would wait that long before each.
/// </summary>
public static partial class ProcessorTurn
{
    private const int ThreadProcessorTime = 3;

    // Shorter turns would leave nearly all to another program that never sleeps: Linux gives it a whole tick each time.
    private static readonly long Length = Stopwatch.Frequency / 2_000;

    private static readonly SyncWatch Sync = new();

    // Not System.Threading.Lock, which cannot be waited for.
    private static readonly object SyncGate = new();

    // Of this thread: when its turn began, and how much it had used by then, in ticks of Stopwatch.
    [ThreadStatic]
    private static long _began;

    [ThreadStatic]
    private static long _usedBefore;

    /// <summary>
    /// Leaves it, where this thread has not done so for half a millisecond, or the disk waits for it (<see cref="SyncWatch"/>); then for a
    /// millisecond at most. For whoever does something for many, between one and the next.
    /// </summary>
    public static void GiveWay()
    {
        var now = Stopwatch.GetTimestamp();
        if (Sync.IsLate(now)) AwaitSync(now);
        else if (now - _began >= Length) Thread.Yield();
        else return;

        _began = Stopwatch.GetTimestamp();
        _usedBefore = ReadUsed();
    }

    /// <summary>
    /// How much of a time that ends now this thread had the processor, in ticks of <see cref="Stopwatch"/>: up to half a
    /// millisecond more, and where only Linux knows, all of it.
    /// </summary>
    /// <param name="time">In the same ticks; nothing of it is before this thread gave way last.</param>
    public static long Used(long time) => time < Length || !OperatingSystem.IsLinux() ? time : Math.Min(time, ReadUsed() - _usedBefore);

    /// <summary>A thread begins to wait for the disk. One at a time.</summary>
    public static void BeginSync() => Sync.Begin(Stopwatch.GetTimestamp());

    /// <summary>It waits no longer, and those that gave way to it go on.</summary>
    public static void EndSync()
    {
        if (!Sync.End(Stopwatch.GetTimestamp())) return;

        lock (SyncGate) Monitor.PulseAll(SyncGate);
    }

    private static void AwaitSync(long now)
    {
        lock (SyncGate)
        {
            if (Sync.IsLate(now)) Monitor.Wait(SyncGate, SyncWatch.LongestPause);
        }
    }

    private static long ReadUsed()
    {
        if (!OperatingSystem.IsLinux() || ReadClock(ThreadProcessorTime, out var used) != 0) return 0;
        return (used.Seconds * Stopwatch.Frequency) + (used.Nanoseconds * Stopwatch.Frequency / 1_000_000_000);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Time time);

    private readonly struct Time
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
