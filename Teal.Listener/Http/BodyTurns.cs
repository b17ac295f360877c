using System.Runtime.CompilerServices;

namespace Teal.Listener.Http;

/// <summary>
/// The turns of the long bodies. One at a time is read on, by a piece, and whoever came first is first: however many come at once, they
/// keep one thread of the pool busy at most, and whoever sends little waits for one piece. There are no turns while some that have come
/// whole wait for their answers: those that still come wait in the network.
/// </summary>
internal sealed class BodyTurns : IThreadPoolWorkItem
{
    /// <summary>How many may have come whole, and wait for their answers.</summary>
    public const int MostWhole = 8;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Action, long> _waiting = new();
    private long _last;
    private int _whole;
    private bool _isRunning;

    /// <summary>The number of one that became long; smaller numbers are first.</summary>
    public long Enter() => Interlocked.Increment(ref _last);

    /// <summary>Goes on when it is one's turn, on a thread of the pool. The turn ends where its holder waits next.</summary>
    /// <param name="number">From <see cref="Enter"/>.</param>
    public Turn NextAsync(long number) => new(this, number);

    /// <summary>One has come whole; <see cref="EndWhole"/> has to follow.</summary>
    public void BeginWhole()
    {
        lock (_lock) _whole++;
    }

    /// <summary>One that has come whole was answered.</summary>
    public void EndWhole()
    {
        lock (_lock)
        {
            _whole--;
            if (!TryRun()) return;
        }

        Queue();
    }

    /// <inheritdoc/>
    public void Execute()
    {
        Action next;
        lock (_lock) next = _waiting.Dequeue();
        next();
        lock (_lock)
        {
            _isRunning = false;
            if (!TryRun()) return;
        }

        // Behind what else waits for the pool.
        Queue();
    }

    private void Add(Action goOn, long number)
    {
        lock (_lock)
        {
            _waiting.Enqueue(goOn, number);
            if (!TryRun()) return;
        }

        Queue();
    }

    private bool TryRun()
    {
        if (_isRunning || _whole >= MostWhole || _waiting.Count == 0) return false;
        _isRunning = true;
        return true;
    }

    private void Queue() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>What is awaited.</summary>
    internal readonly struct Turn(BodyTurns turns, long number) : ICriticalNotifyCompletion
    {
        /// <summary>A turn always has to be waited for.</summary>
        public bool IsCompleted => false;

        /// <summary>Itself.</summary>
        public Turn GetAwaiter() => this;

        /// <summary>Nothing.</summary>
        public void GetResult()
        {
        }

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => turns.Add(continuation, number);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => turns.Add(continuation, number);
    }
}
