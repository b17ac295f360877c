using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Floods;

namespace Teal.Benchmarks.Load.Victims;

/// <summary>What became of a victim's callbacks.</summary>
/// <param name="Latencies">Milliseconds from when each was due to its answer.</param>
/// <param name="Count">How many there were.</param>
/// <param name="Maximum">The longest.</param>
/// <param name="Wrong">Those that were not answered with 204 or 302.</param>
/// <param name="Undelivered">Those that were, and did not come to the client.</param>
/// <param name="Pause">How long its thread was elsewhere, at most: a maximum is too high by that at most.</param>
internal sealed record VictimReport(Latencies Latencies, int Count, double Maximum, Tally Wrong, int Undelivered, TimeSpan Pause)
{
    /// <summary>Whether all were taken, within so many milliseconds.</summary>
    public bool IsPrompt(double milliseconds) => Wrong.All == 0 && Maximum <= milliseconds;
}
