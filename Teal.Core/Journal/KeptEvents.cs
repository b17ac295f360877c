using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>
/// Tells of kept events in the order of their positions, one after the other, outside of the journal's lock: on the thread that appended,
/// so that no other one has to wake up for it, unless another one tells just then.
/// </summary>
/// <param name="gate">The journal's lock.</param>
internal sealed class KeptEvents(Lock gate)
{
    // How many events a thread tells of for others before the pool takes over.
    private const int MostForOthers = 16;

    private readonly Queue<Waiting> _waiting = new();
    private bool _isTelling;

    /// <summary>Takes the next place in the order; only under the lock.</summary>
    /// <returns>
    /// Completes when the event is told of; null: it is the caller's turn, who calls <see cref="Tell"/> without the lock.
    /// </returns>
    public Task<TealEvent>? Enter(TealEvent @event, Action<TealEvent> kept)
    {
        if (!_isTelling)
        {
            _isTelling = true;
            return null;
        }

        var waiting = new Waiting(@event, kept);
        _waiting.Enqueue(waiting);
        return waiting.Task;
    }

    /// <summary>Tells of the caller's own event, and of those that came meanwhile.</summary>
    public void Tell(TealEvent @event, Action<TealEvent> kept)
    {
        kept(@event);
        TellOthers();
    }

    private void TellOthers()
    {
        for (var i = 0; i < MostForOthers; i++)
        {
            Waiting? next;
            lock (gate)
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _isTelling = false;
                    return;
                }
            }

            next.Tell();
        }

        ThreadPool.UnsafeQueueUserWorkItem(static events => events.TellOthers(), this, preferLocal: false);
    }

    private sealed class Waiting(TealEvent @event, Action<TealEvent> kept)
        : TaskCompletionSource<TealEvent>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public void Tell()
        {
            kept(@event);
            SetResult(@event);
        }
    }
}
