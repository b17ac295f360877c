namespace Teal.Web.Sessions;

/// <summary>Something that many can wait for, and that happens now and then. Holds nothing while nobody waits. A lock guards it.</summary>
internal struct Signal
{
    private TaskCompletionSource? _waiting;

    /// <summary>Completes the next time.</summary>
    public Task WaitAsync()
    {
        _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiting.Task;
    }

    /// <summary>It happens: whoever waits goes on, on another thread.</summary>
    public void Set()
    {
        _waiting?.SetResult();
        _waiting = null;
    }
}
