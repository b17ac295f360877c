using Microsoft.Extensions.Logging;

namespace Teal.Core.Hosting;

/// <summary>
/// A message that others can have repeated as often as they like. What it is about is named at once when it comes up, and then
/// counted: the log gets the sum once a minute, until a minute passes without it. So it is a few lines a minute, however often
/// it comes. May be used from any thread.
/// </summary>
public sealed partial class RepeatedMessage
{
    /// <summary>How many subjects are named in a minute; all others are counted together.</summary>
    public const int MaximumSubjects = 10;

    /// <summary>How often a sum is told.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger;
    private readonly LogLevel _level;
    private readonly string _text;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Subject> _subjects = new(StringComparer.Ordinal);
    private int _others;
    private bool _isCounting;
    private bool _isOpen;

    /// <summary>Makes one that was not said yet.</summary>
    /// <param name="logger">The log.</param>
    /// <param name="level">How grave the sums are; as grave as the message.</param>
    /// <param name="text">What it says, for the sums: a sentence without its full stop.</param>
    /// <param name="clock">The clock.</param>
    public RepeatedMessage(ILogger logger, LogLevel level, string text, TimeProvider clock)
    {
        (_logger, _level, _text) = (logger, level, text);
        _timer = clock.CreateTimer(
            static message => ((RepeatedMessage)message!).Tell(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Counts it. True: it is to be said now, in full; false: the next sum tells of it.</summary>
    /// <param name="about">What it is about, such as an address; empty where there is nothing to tell apart.</param>
    public bool IsNew(string about = "")
    {
        lock (_lock)
        {
            if (!_isCounting) _timer.Change(Interval, Timeout.InfiniteTimeSpan);
            _isCounting = true;
            if (_subjects.TryGetValue(about, out var subject))
            {
                subject.Repetitions++;
                return false;
            }

            if (_subjects.Count >= MaximumSubjects)
            {
                _others++;
                return false;
            }

            _subjects.Add(about, new Subject());
            return _isOpen = true;
        }
    }

    /// <summary>
    /// For what comes to an end, such as a store that is away: true once after it was said, or told in sum, and so at most as
    /// often as that. Costs nothing as long as it was not said.
    /// </summary>
    public bool TryEnd() => Volatile.Read(ref _isOpen) && Interlocked.Exchange(ref _isOpen, false);

    private void Tell()
    {
        var sums = new List<(string About, int Repetitions)>();
        lock (_lock)
        {
            foreach (var (about, subject) in _subjects)
            {
                if (subject.Repetitions > 0) sums.Add((about, subject.Repetitions));

                // A new one stays for another minute: it was named a moment ago.
                if (subject is { Repetitions: 0, IsNew: false }) _subjects.Remove(about);
                (subject.IsNew, subject.Repetitions) = (false, 0);
            }

            if (_others > 0) sums.Add(("others", _others));
            _others = 0;
            _isOpen |= sums.Count > 0;
            _isCounting = _subjects.Count > 0;
            if (_isCounting) _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }

        foreach (var (about, repetitions) in sums)
            Log.Sum(_logger, _level, _text, about.Length > 0 ? $" ({about})" : "", repetitions, (int)Interval.TotalSeconds);
    }

    private sealed class Subject
    {
        public bool IsNew { get; set; } = true;

        public int Repetitions { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1031, Message = "{Text}{About}: {Repetitions} times more in the last {Seconds} s")]
        public static partial void Sum(ILogger logger, LogLevel level, string text, string about, int repetitions, int seconds);
    }
}
