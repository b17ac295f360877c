using System.Collections.Concurrent;
using Teal.Core.Hosting;

namespace Teal.Accounts.Hashing;

/// <summary>
/// The threads that hash passwords, which takes a fifth of a second each: nothing else is to wait for that, on threads or on the
/// processor, which they take where nobody else wants it. What they do not get done in time, a thread of a higher priority computes once
/// more. They begin with the first password, and what waits for them is bounded. A process that stops leaves undone what waits.
/// </summary>
internal sealed class HashThreads(HashingOptions options, TimeProvider clock) : IDrainStep, IDisposable
{
    // Milliseconds; how often the thread that helps looks whether it is still needed.
    private const int Look = 500;

    private readonly BlockingCollection<IHashWork> _queue = new(options.QueueLength);
    private readonly BlockingCollection<IHashWork> _lateWork = [];
    private readonly BlockingCollection<IHashWork> _computed = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private int _threads;
    private int _working;
    private int _late;
    private int _done;

    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Intake;

    /// <summary>How many passwords wait.</summary>
    public int Waiting => _queue.Count;

    /// <summary>How often something was done.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Whether at most half of those wait that may.</summary>
    public bool IsHalfFree => Waiting <= options.QueueLength / 2;

    /// <summary>
    /// Has something done there, perhaps twice; null: too much waits already. It is cancelled where the process stops meanwhile.
    /// </summary>
    public Task<T>? TryRun<T>(Func<T> work)
    {
        var hash = new HashWork<T>(work);
        if (!TryAdd(_queue, hash)) return null;

        lock (_lock)
        {
            if (_threads == 0)
            {
                Start(Tell);
                StartWorking(Help);
            }

            if (_threads < options.Threads)
            {
                _threads++;
                StartWorking(Run);
            }
        }

        return hash.Told.WaitAsync(_stopping.Token);
    }

    /// <summary>Lets all go who wait.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    /// <summary>Lets the threads end, once nothing waits.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        _lateWork.CompleteAdding();
    }

    private static bool TryAdd(BlockingCollection<IHashWork> queue, IHashWork work)
    {
        try
        {
            return queue.TryAdd(work);
        }
        catch (InvalidOperationException)
        {
            // It is over.
            return false;
        }
    }

    private static void Start(ThreadStart run) => new Thread(run) { IsBackground = true, Name = "Teal hashing" }.Start();

    private void StartWorking(ThreadStart run)
    {
        _working++;
        Start(() =>
        {
            run();
            lock (_lock)
            {
                if (--_working == 0) _computed.CompleteAdding();
            }
        });
    }

    private void Run()
    {
        LowPriority.BeIdle();
        foreach (var work in _queue.GetConsumingEnumerable())
        {
            using var deadline = new HashDeadline(clock, options.Patience, () => OnLate(work), OnBack);
            Compute(work);
        }
    }

    private void OnLate(IHashWork work)
    {
        Interlocked.Increment(ref _late);
        _ = TryAdd(_lateWork, work);
    }

    private void OnBack() => Interlocked.Decrement(ref _late);

    // The threads above cannot be given a higher priority again. While one of them is late, what waits for them would be late too.
    private void Help()
    {
        LowPriority.BeLow();
        foreach (var late in _lateWork.GetConsumingEnumerable())
        {
            Compute(late);
            while (Volatile.Read(ref _late) > 0)
            {
                if (_lateWork.TryTake(out var work) || _queue.TryTake(out work, Look)) Compute(work);
            }
        }
    }

    private void Compute(IHashWork work)
    {
        if (_stopping.IsCancellationRequested || work.IsDone) return;

        if (work.TryBegin()) Interlocked.Increment(ref _done);
        work.Compute();
        _ = TryAdd(_computed, work);
    }

    // A thread of its own: whoever tells may start threads of the pool, and they would have its priority from then on.
    private void Tell()
    {
        foreach (var work in _computed.GetConsumingEnumerable()) work.Tell();
    }
}
