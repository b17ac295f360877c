namespace Teal.Dispatcher.Registrations;

/// <summary>Whose turn it is among a subscriber's registrations that catch up. Holds nothing while none does.</summary>
internal sealed class ReplayQueue
{
    // How many may wait beyond what their subscriber has.
    private const int Spare = 16;

    private readonly Lock _lock = new();
    private Queue<Registration>? _waiting;
    private bool _isRunning;
    private TaskCompletionSource? _idle;

    /// <summary>How many wait, those that have ended meanwhile among them.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _waiting?.Count ?? 0;
        }
    }

    /// <summary>True: it is the registration's turn now. False: its turn comes.</summary>
    public bool TryEnter(Registration registration)
    {
        lock (_lock)
        {
            if (!_isRunning) return _isRunning = true;

            _waiting ??= new Queue<Registration>();
            if (_waiting.Count > Spare + (2 * registration.Subscriber.Registrations.Count)) LeaveOutEnded();
            _waiting.Enqueue(registration);
            return false;
        }
    }

    /// <summary>The next one's turn; null: all are done.</summary>
    /// <param name="unfinished">The one whose turn ends, if it is not done; it comes again after the others.</param>
    public Registration? Next(Registration? unfinished)
    {
        lock (_lock)
        {
            if (_waiting is null || _waiting.Count == 0)
            {
                _waiting = null;
                if (unfinished is not null) return unfinished;

                _isRunning = false;
                _idle?.TrySetResult();
                return null;
            }

            if (unfinished is not null) _waiting.Enqueue(unfinished);
            return _waiting.Dequeue();
        }
    }

    // Their turn may be long in coming, where the client reads slowly; and it can end as many as it likes. Of those that it has, each waits
    // once.
    private void LeaveOutEnded()
    {
        for (var left = _waiting!.Count; left > 0; left--)
        {
            if (_waiting.Dequeue() is { IsEnded: false } registration) _waiting.Enqueue(registration);
        }
    }

    /// <summary>Completes when none catches up.</summary>
    public Task WhenIdleAsync()
    {
        lock (_lock)
        {
            if (!_isRunning) return Task.CompletedTask;

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }
}
