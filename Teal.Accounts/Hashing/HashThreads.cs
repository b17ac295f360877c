using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Teal.Core.Hosting;

namespace Teal.Accounts.Hashing;

/// <summary>
/// The threads that hash passwords, which takes a fifth of a second each: nothing else is to wait for that, on threads or on the
/// processor. They begin with the first password, and what waits for them is bounded. A process that stops leaves undone what waits.
/// </summary>
internal sealed partial class HashThreads(HashingOptions options) : IDrainStep, IDisposable
{
    // Of the processor they get a tenth of what another thread gets that wants all of it.
    private const int Niceness = 10;

    private readonly BlockingCollection<Action> _queue = new(options.QueueLength);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private int _threads;
    private int _done;

    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Intake;

    /// <summary>How many passwords wait.</summary>
    public int Waiting => _queue.Count;

    /// <summary>How often something was done.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Whether at most half of those wait that may.</summary>
    public bool IsHalfFree => Waiting <= options.QueueLength / 2;

    /// <summary>Has something done there; null: too much waits already. It is cancelled where the process stops meanwhile.</summary>
    public Task<T>? TryRun<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!TryAdd(() => Do(work, done))) return null;

        lock (_lock)
        {
            if (_threads < options.Threads) Start();
        }

        return done.Task.WaitAsync(_stopping.Token);
    }

    /// <summary>Lets all go who wait.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    /// <summary>Lets the threads end, once nothing waits.</summary>
    public void Dispose() => _queue.CompleteAdding();

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);

    private void Do<T>(Func<T> work, TaskCompletionSource<T> done)
    {
        if (_stopping.IsCancellationRequested) return;

        try
        {
            Interlocked.Increment(ref _done);
            done.SetResult(work());
        }
        catch (Exception exception)
        {
            done.SetException(exception);
        }
    }

    private bool TryAdd(Action action)
    {
        try
        {
            return _queue.TryAdd(action);
        }
        catch (InvalidOperationException)
        {
            // It is over.
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
        foreach (var action in _queue.GetConsumingEnumerable()) action();
    }
}
