namespace Teal.Benchmarks.Load.Reports;

/// <summary>What many rounds say together.</summary>
internal static class Statistics
{
    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The median of what one is to the other, round by round, so that what else happens on the machine falls upon both.</summary>
    public static double Ratio<T>(IReadOnlyList<T> rounds, IReadOnlyList<T> reference, Func<T, double> figure) =>
        Median(rounds.Zip(reference, (round, other) => figure(round) / figure(other)));
}
