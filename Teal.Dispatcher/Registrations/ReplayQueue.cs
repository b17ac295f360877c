namespace Teal.Dispatcher.Registrations;

/// <summary>Whose turn it is among a connection's registrations that catch up. Holds nothing while none does.</summary>
internal sealed class ReplayQueue
{
    private readonly Lock _lock = new();
    private Queue<Registration>? _waiting;
    private bool _isRunning;
    private TaskCompletionSource? _idle;

    /// <summary>True: it is the registration's turn now. False: its turn comes.</summary>
    public bool TryEnter(Registration registration)
    {
        lock (_lock)
        {
            if (!_isRunning) return _isRunning = true;

            (_waiting ??= new Queue<Registration>()).Enqueue(registration);
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
