namespace Teal.Sqlite.Writing;

/// <summary>Wakes up the one thread that waits for something to do. Set outside of any lock that this thread takes next.</summary>
internal sealed class WakeUp : IDisposable
{
    // Not a monitor: who is woken up would wait at once for the lock of who wakes it up.
    private readonly AutoResetEvent _event = new(initialState: false);

    /// <summary>Waits until it is set, once for each time or for several; false: it was not set for that time.</summary>
    public bool Wait(TimeSpan patience) => _event.WaitOne(patience);

    /// <summary>Has the thread wake up.</summary>
    public void Set()
    {
        try
        {
            _event.Set();
        }
        catch (ObjectDisposedException)
        {
            // The thread did all there was to do, and ended.
        }
    }

    public void Dispose() => _event.Dispose();
}
