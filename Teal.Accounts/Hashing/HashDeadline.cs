namespace Teal.Accounts.Hashing;

/// <summary>Has something happen where a thread did not get its work done in time, and tells when that thread is back.</summary>
internal sealed class HashDeadline : IDisposable
{
    private const int Running = 0, Late = 1, Over = 2;

    private readonly ITimer _timer;
    private readonly Action _late, _back;
    private int _state;

    /// <summary>One that begins now.</summary>
    /// <param name="clock">What measures it.</param>
    /// <param name="patience">How long the work may take.</param>
    /// <param name="late">What is done then.</param>
    /// <param name="back">What is done at the end of work that was late.</param>
    public HashDeadline(TimeProvider clock, TimeSpan patience, Action late, Action back)
    {
        (_late, _back) = (late, back);
        _timer = clock.CreateTimer(static state => ((HashDeadline)state!).Pass(), this, patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The work is done.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        if (Interlocked.Exchange(ref _state, Over) == Late) _back();
    }

    private void Pass()
    {
        if (Interlocked.CompareExchange(ref _state, Late, Running) == Running) _late();
    }
}
