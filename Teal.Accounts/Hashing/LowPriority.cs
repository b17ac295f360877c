using System.Runtime.InteropServices;

namespace Teal.Accounts.Hashing;

/// <summary>
/// Has the calling thread go behind others on the processor, where the system can. .NET's own priorities do nothing on Linux. A thread
/// cannot go back, and hands its priority on to each thread that it starts, those of the pool included.
/// </summary>
internal static partial class LowPriority
{
    // sched(7): SCHED_IDLE.
    private const int IdlePolicy = 5;

    // Of the processor such a thread gets a tenth of what another thread gets that wants all of it.
    private const int Niceness = 10;

    private const int CallingThread = 0;

    /// <summary>The processor is for it where nobody else wants it: three thousandths of it are left to it otherwise.</summary>
    public static void BeIdle()
    {
        var none = 0;
        if (OperatingSystem.IsLinux() && SetScheduler(CallingThread, IdlePolicy, in none) != 0) BeLow();
    }

    /// <summary>It gets a tenth of what others get.</summary>
    public static void BeLow()
    {
        if (OperatingSystem.IsLinux()) _ = SetPriority(0, CallingThread, Niceness);
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in int priority);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
