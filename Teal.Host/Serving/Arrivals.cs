namespace Teal.Host.Serving;

/// <summary>
/// Connections that came at once, and were accepted together. The next ones are accepted when each of these was served once, or has nothing
/// to say: so a thousand that come at once do not stand in front of those that are there, who wait for so many at most.
/// </summary>
internal sealed class Arrivals
{
    /// <summary>How many are accepted together.</summary>
    public const int Size = 4;

    // However long they take: others wait for them.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(4);

    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _free = Size;
    private int _open = Size;

    /// <summary>Adds one; false: there are enough.</summary>
    public bool TryAdd()
    {
        if (_free == 0) return false;

        _free--;
        return true;
    }

    /// <summary>One of them was served.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _open) == 0) _served.TrySetResult();
    }

    /// <summary>Completes when all were served, or had their time.</summary>
    public Task WhenServedAsync(TimeProvider clock) => Task.WhenAny(_served.Task, Task.Delay(Longest, clock));
}
