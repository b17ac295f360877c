using Microsoft.Extensions.Hosting;

namespace Teal.Host.Serving;

/// <summary>
/// Gives memory back to the operating system when a storm is over. .NET collects garbage when something is allocated, and lets go of memory
/// that stayed free for some collections; a process that is quiet after a storm does neither, and would keep what the storm took.
/// </summary>
internal sealed class MemoryReturn(TimeProvider clock) : BackgroundService
{
    /// <summary>How often it looks, and collects.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // In bytes: so much more than before is worth it, or a fourth of what there was; and so much has to go with a collection
    // to be worth another one.
    private const long Much = 32 * 1024 * 1024, Little = 256 * 1024;

    // How many collections there are for one storm at most, and how many that give little in a row.
    private const int MostCollections = 20, MostInVain = 4;

    // In intervals: after that time a second series follows. .NET's pools of arrays let go of what nobody rented for 30 s, and
    // only when there is a collection.
    private const int PoolAge = 16;

    // What is allocated in that time while the process is quiet, in bytes. It may well have clients.
    private const long MostWhileQuiet = 64 * 1024 * 1024;

    // In intervals: so long after a series it is tried again whether what stayed goes. Whoever held it may have left.
    private const int Patience = 150;

    private long _least;
    private int _rest;
    private long _usual;
    private long _last;
    private int _left;
    private int _inVain;

    // The intervals until the second series; null: none is to come.
    private int? _untilSecond;
    private long _allocated = GC.GetTotalAllocatedBytes();

    /// <summary>Collects if there is reason to.</summary>
    /// <param name="committed">How many bytes the collector has of the operating system.</param>
    /// <param name="allocated">How many bytes were allocated since the start.</param>
    /// <returns>Whether it is to collect now.</returns>
    internal bool IsDue(long committed, long allocated)
    {
        // Not known before the first collection, which may be a storm's; till then nothing that was allocated has gone.
        if (committed == 0) committed = allocated;
        var isQuiet = allocated - _allocated <= MostWhileQuiet;
        _allocated = allocated;
        if (_untilSecond > 0) _untilSecond--;
        if (!isQuiet) return false;

        if (_left == 0)
        {
            // What went by itself need not come back before the next storm counts.
            _usual = Math.Min(_usual == 0 ? committed : _usual, committed);
            _least = Math.Min(_least == 0 ? committed : _least, committed);
            if (++_rest >= Patience) (_usual, _rest) = (_least, 0);
            var isStorm = committed >= _usual + Math.Max(Much, _usual / 4);
            if (!isStorm && _untilSecond != 0) return false;

            _rest = 0;
            _untilSecond = isStorm ? PoolAge : null;
            (_left, _inVain) = (MostCollections, 0);
        }
        else if (_last - committed > Little)
        {
            _inVain = 0;
        }
        else if (++_inVain == MostInVain)
        {
            _left = 0;
            _usual = committed;
            return false;
        }

        _last = committed;
        if (--_left == 0) _usual = committed;
        return true;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // In the background: that holds the others up for a millisecond or two at a time. A collection that gives all
                // back at once takes a hundred.
                if (IsDue(GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, GC.GetTotalAllocatedBytes()))
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false, compacting: false);
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }
}
