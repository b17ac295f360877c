using System.Runtime.InteropServices;

namespace Teal.Benchmarks.Load.Client;

/// <summary>Linux' real-time scheduling, sched(7).</summary>
internal static partial class RealTime
{
    private const int CallingThread = 0, FirstInFirstOut = 1, LowestPriority = 1;

    /// <summary>Has the calling thread go before all others of its processor that are not so; false: only root may.</summary>
    public static bool TryEnter() => SetScheduler(CallingThread, FirstInFirstOut, LowestPriority) == 0;

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in int priority);
}
