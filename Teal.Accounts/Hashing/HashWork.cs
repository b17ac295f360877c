namespace Teal.Accounts.Hashing;

/// <summary>A hash that somebody waits for, with a result of a type.</summary>
internal sealed class HashWork<T>(Func<T> work) : IHashWork
{
    private readonly TaskCompletionSource<T> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<T>? _result;
    private int _begun;

    /// <inheritdoc/>
    public bool IsDone => Volatile.Read(ref _result) is not null;

    /// <summary>Done when the result is told.</summary>
    public Task<T> Told => _told.Task;

    /// <inheritdoc/>
    public bool TryBegin() => Interlocked.Exchange(ref _begun, 1) == 0;

    /// <inheritdoc/>
    public void Compute() => Interlocked.CompareExchange(ref _result, Do(), null);

    /// <inheritdoc/>
    public void Tell()
    {
        if (Volatile.Read(ref _result) is { } result) _told.TrySetFromTask(result);
    }

    private Task<T> Do()
    {
        try
        {
            return Task.FromResult(work());
        }
        catch (Exception exception)
        {
            return Task.FromException<T>(exception);
        }
    }
}
