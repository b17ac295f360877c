using System.Diagnostics;
using System.Globalization;

namespace Teal.Benchmarks.Load.Reports;

/// <summary>Tells how far the comparison is.</summary>
internal sealed class Progress(TextWriter output)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Tells of a step, with the time since the beginning.</summary>
    public void Tell(string text) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_started).TotalSeconds,6:F0} s  {text}"));
}
