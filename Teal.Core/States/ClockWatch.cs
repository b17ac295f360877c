namespace Teal.Core.States;

/// <summary>
/// Compares the time of day, which an operator or a time server may set, with the clock that only ever runs. A time of day
/// that jumps ahead by more than the tolerance is not believed, until it goes back or has stayed for as long: time for
/// somebody to notice. One that jumps back harms nothing. One thread at a time.
/// </summary>
internal sealed class ClockWatch(TimeProvider clock, TimeSpan tolerance, DateTimeOffset start)
{
    private static readonly TimeSpan LongestReading = TimeSpan.FromSeconds(1);

    // The last look that was believed.
    private DateTimeOffset _time = start;
    private long _timestamp = clock.GetTimestamp();

    // Since when it is not believed; null: it is.
    private long? _since;

    /// <summary>How far ahead it was at the last look.</summary>
    public TimeSpan Ahead { get; private set; }

    /// <summary>Looks.</summary>
    public ClockTrust Look()
    {
        var (time, timestamp) = ReadBoth();
        var before = Ahead;
        Ahead = time - _time - clock.GetElapsedTime(_timestamp, timestamp);
        if (Ahead > tolerance && tolerance > TimeSpan.Zero)
        {
            if (_since is null)
            {
                _since = timestamp;
                return ClockTrust.JumpedAhead;
            }

            // It jumped again: the waiting begins anew.
            if ((Ahead - before).Duration() > tolerance) _since = timestamp;
            if (clock.GetElapsedTime(_since.Value, timestamp) < tolerance) return ClockTrust.Distrusted;
        }

        (_time, _timestamp) = (time, timestamp);
        if (_since is null) return ClockTrust.Believed;

        _since = null;
        return ClockTrust.BelievedAgain;
    }

    // Of the same moment: a process that is stopped for hours between the two is no jump.
    private (DateTimeOffset Time, long Timestamp) ReadBoth()
    {
        while (true)
        {
            var before = clock.GetTimestamp();
            var time = clock.GetUtcNow();
            if (clock.GetElapsedTime(before) < LongestReading) return (time, before);
        }
    }
}
