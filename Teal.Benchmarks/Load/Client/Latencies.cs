namespace Teal.Benchmarks.Load.Client;

/// <summary>
/// Milliseconds from the sending of a request until the last of its deliveries, or until its answer where nobody gets it.
/// </summary>
internal readonly record struct Latencies(double Median, double Percentile99)
{
    public static Latencies From(List<double> milliseconds)
    {
        if (milliseconds.Count == 0) return default;

        milliseconds.Sort();
        return new Latencies(milliseconds[milliseconds.Count / 2], milliseconds[(int)(milliseconds.Count * 0.99)]);
    }
}
