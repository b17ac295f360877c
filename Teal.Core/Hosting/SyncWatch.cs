using System.Diagnostics;

namespace Teal.Core.Hosting;

/// <summary>
/// Tells whether a sync of the disk takes longer than the disk does. The kernel has a thread for each processor that asks the
/// disk for it. Threads that only give way to each other never leave it that processor before Linux's next tick, so a sync of
/// 0.3 ms takes 6 ms. It runs at once where all of them pause.
/// </summary>
internal sealed class SyncWatch
{
    // A sync is late when it takes this many times as long as usual, and this long.
    private const int Times = 3;
    private static readonly long Least = Stopwatch.Frequency / 2_000;

    private long _since;

    // What the last syncs took at best; where the disk becomes slower, it follows by a fiftieth each time. 0: there was none.
    private long _usual;

    /// <summary>How long anybody pauses for one sync. A disk that is slow this time has nothing of a longer pause.</summary>
    public static TimeSpan LongestPause => TimeSpan.FromMilliseconds(1);

    /// <summary>A sync begins.</summary>
    /// <param name="now">In ticks of <see cref="Stopwatch"/>, as in the others.</param>
    public void Begin(long now) => Volatile.Write(ref _since, now);

    /// <summary>It has ended. Returns whether it was late, so that somebody may have paused.</summary>
    public bool End(long now)
    {
        var took = now - _since;
        var isLate = took >= Lateness;
        Volatile.Write(ref _usual, _usual == 0 ? took : Math.Min(took, _usual + (_usual / 50) + 1));
        Volatile.Write(ref _since, 0);
        return isLate;
    }

    /// <summary>Whether one is under way, is late, and others have not paused for it long enough.</summary>
    public bool IsLate(long now)
    {
        var since = Volatile.Read(ref _since);
        return since != 0 && now - since - Lateness is >= 0 and var late && late < LongestPause.TotalSeconds * Stopwatch.Frequency;
    }

    private long Lateness => Math.Max(Least, Times * Volatile.Read(ref _usual));
}
