using System.Collections.Concurrent;

namespace Teal.Web.Sessions;

/// <summary>
/// The queues of channels that an event was added to, sent one after the other, each with all that it holds when its turn comes. So an
/// event for thousands of clients keeps no other one waiting, and events that come while it is on its way share its sending.
/// </summary>
public sealed class Outbox : IThreadPoolWorkItem
{
    // How many are sent before other work has its turn.
    private const int Portion = 32;

    private static readonly int MostWorkers = Environment.ProcessorCount;

    private readonly ConcurrentQueue<SendQueue> _due = new();
    private int _workers;

    /// <summary>Adds a queue, unless it waits already; <see cref="Start"/> has to follow.</summary>
    public void Add(SendQueue queue)
    {
        if (queue.TryMarkDue()) _due.Enqueue(queue);
    }

    /// <summary>Has what was added sent, on as many threads of the pool as it is worth.</summary>
    public void Start()
    {
        var wanted = Math.Min(MostWorkers, (_due.Count + Portion - 1) / Portion);
        while (true)
        {
            var workers = Volatile.Read(ref _workers);
            if (workers >= wanted) return;
            if (Interlocked.CompareExchange(ref _workers, workers + 1, workers) == workers) Queue();
        }
    }

    /// <inheritdoc/>
    public void Execute()
    {
        for (var i = 0; i < Portion; i++)
        {
            if (!_due.TryDequeue(out var queue))
            {
                Interlocked.Decrement(ref _workers);

                // One that was added since, by somebody who saw this worker.
                if (!_due.IsEmpty) Start();
                return;
            }

            queue.ClearDue();
            queue.Flush();
        }

        Queue();
    }

    private void Queue() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}
