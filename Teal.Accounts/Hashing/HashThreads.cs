using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Teal.Accounts.Hashing;

/// <summary>
/// The threads that hash passwords, which takes a fifth of a second each: nothing else is to wait for that, on threads or on the
/// processor. They begin with the first password, and what waits for them is bounded.
/// </summary>
internal sealed partial class HashThreads(HashingOptions options) : IDisposable
{
    // Of the processor they get a tenth of what another thread gets that wants all of it.
    private const int Niceness = 10;

    private readonly BlockingCollection<Action> _queue = new(options.QueueLength);
    private readonly Lock _lock = new();
    private int _threads;
    private int _done;

    /// <summary>How many passwords wait.</summary>
    public int Waiting => _queue.Count;

    /// <summary>How often something was done.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Whether at most half of those wait that may.</summary>
    public bool IsHalfFree => Waiting <= options.QueueLength / 2;

    /// <summary>Has something done there; null: too much waits already.</summary>
    public Task<T>? TryRun<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_queue.IsAddingCompleted || !TryAdd(() => Do(work, done))) return null;

        lock (_lock)
        {
            if (_threads < options.Threads) Start();
        }

        return done.Task;
    }

    /// <summary>Lets the threads end. What waits is not done.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private static void Do<T>(Func<T> work, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(work());
        }
        catch (Exception exception)
        {
            done.SetException(exception);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);

    private bool TryAdd(Action action)
    {
        try
        {
            return _queue.TryAdd(action);
        }
        catch (InvalidOperationException)
        {
            // Since a moment ago.
            return false;
        }
    }

    private void Start()
    {
        _threads++;
        new Thread(Run) { IsBackground = true, Name = "Teal hashing" }.Start();
    }

    private void Run()
    {
        // Of this thread alone, as Linux takes it. .NET's own priorities do nothing there.
        if (OperatingSystem.IsLinux()) _ = SetPriority(0, 0, Niceness);
        foreach (var action in _queue.GetConsumingEnumerable())
        {
            Interlocked.Increment(ref _done);
            action();
        }
    }
}
