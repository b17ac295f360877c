using System.Diagnostics;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>
/// The connections that are to be opened, at first or anew: some in each turn, as a load generator that opens hundreds is late for the one
/// whom it watches.
/// </summary>
/// <param name="count">How many there are.</param>
internal sealed class Openings(int count)
{
    private const int MostAtOnce = 16;

    private readonly Queue<(int Number, long Since)> _due = new(Enumerable.Range(0, count).Select(static number => (number, 0L)));

    /// <summary>One was closed.</summary>
    public void Add(int number) => _due.Enqueue((number, Stopwatch.GetTimestamp()));

    /// <summary>Those of this turn, by number.</summary>
    /// <param name="pause">How long one waits before it is opened anew.</param>
    public IEnumerable<int> Take(TimeSpan pause)
    {
        for (var left = Math.Min(_due.Count, MostAtOnce); left > 0 && Stopwatch.GetElapsedTime(_due.Peek().Since) >= pause; left--)
            yield return _due.Dequeue().Number;
    }
}
