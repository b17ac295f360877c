using System.Runtime.CompilerServices;

namespace Teal.Accounts.Limits;

/// <summary>
/// How many failures there were lately: a number for each part of the time that they count, so that whoever has thousands costs no more
/// than whoever has one. Each counts for all but one of the parts at least.
/// </summary>
internal sealed class FailureWindow
{
    /// <summary>Into how many parts the time is cut.</summary>
    public const int Parts = 15;

    private Numbers _numbers;
    private long _last;

    /// <summary>How many are being found out about, and may become failures.</summary>
    public int Pending { get; set; }

    /// <summary>Whether there is nothing to remember.</summary>
    public bool IsEmpty(long part) => Pending == 0 && Count(part) == 0;

    /// <summary>How many there were until that part of the time.</summary>
    public int Count(long part)
    {
        MoveTo(part);
        var sum = 0;
        foreach (var number in _numbers) sum += number;
        return sum;
    }

    /// <summary>Notes one.</summary>
    public void Note(long part)
    {
        MoveTo(part);
        ref var number = ref _numbers[(int)(part % Parts)];
        if (number < ushort.MaxValue) number++;
    }

    /// <summary>The part of the time from which on there are fewer than a limit.</summary>
    public long FirstBelow(int limit, long part)
    {
        var sum = Count(part);
        var next = part;
        while (sum >= limit)
        {
            // What happened then does not count any more.
            next++;
            sum -= _numbers[(int)(next % Parts)];
        }

        return next;
    }

    /// <summary>Forgets them.</summary>
    public void Clear() => _numbers = default;

    private void MoveTo(long part)
    {
        if (part - _last >= Parts) _numbers = default;
        else while (_last < part) _numbers[(int)(++_last % Parts)] = 0;
        _last = Math.Max(_last, part);
    }

    [InlineArray(Parts)]
    private struct Numbers
    {
        private ushort _first;
    }
}
