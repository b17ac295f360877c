using System.Diagnostics;
using Teal.Core.Hosting;

namespace Teal.Host.Serving;

/// <summary>
/// How much of a thread that watches sockets goes into what is done with what a connection sends. Who takes more than his share does
/// without the thread for a while. A part of <see cref="FairReader"/> and not an object of its own, as every idle connection has one.
/// </summary>
internal struct ThreadShare
{
    // A leaky bucket. That another thread had the processor is not the connection's doing, nor is a garbage collection.
    private const double Share = 0.4;
    private static readonly long Most = Stopwatch.Frequency / 100;
    private static readonly long Banishment = Stopwatch.Frequency;

    private long _began;
    private int _thread;
    private int _collections;
    private long _measured;
    private long _busy;
    private long _banishedUntil;

    /// <summary>Whether any work began; for any thread.</summary>
    public bool HasBegun => Volatile.Read(ref _began) != 0;

    /// <summary>Work with what has come begins.</summary>
    public void Begin() =>
        (_began, _thread, _collections) = (Stopwatch.GetTimestamp(), Environment.CurrentManagedThreadId, GC.CollectionCount(0));

    /// <summary>The work is done, or waits for something. Returns whether its time has been more than its share lately.</summary>
    public bool End()
    {
        var now = Stopwatch.GetTimestamp();
        _busy = Math.Max(0, _busy - (long)((now - _measured) * Share));
        _measured = now;

        // On another thread than where it began: it waited for something meanwhile.
        var isItsOwn = _thread == Environment.CurrentManagedThreadId && !Thread.CurrentThread.IsThreadPoolThread
            && _collections == GC.CollectionCount(0);
        if (isItsOwn) _busy += ProcessorTurn.Used(now - _began);
        if (_busy > Most) _banishedUntil = now + Banishment;
        return now < _banishedUntil;
    }
}
