using System.Globalization;
using Teal.Benchmarks.Load.Reports;

namespace Teal.Benchmarks.RabbitMq;

/// <summary>What a round took.</summary>
/// <param name="EventsPerSecond">Confirmed publications in a second.</param>
/// <param name="CpuMicroseconds">Processor time of this process, all threads, for each event.</param>
/// <param name="AllocatedBytes">Managed memory that was allocated for each event.</param>
internal sealed record RoundMeasurement(double EventsPerSecond, double CpuMicroseconds, double AllocatedBytes)
{
    /// <summary>The median of each figure for itself.</summary>
    public static RoundMeasurement Median(IReadOnlyCollection<RoundMeasurement> measurements) => new(
        Statistics.Median(measurements.Select(static measurement => measurement.EventsPerSecond)),
        Statistics.Median(measurements.Select(static measurement => measurement.CpuMicroseconds)),
        Statistics.Median(measurements.Select(static measurement => measurement.AllocatedBytes)));

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{EventsPerSecond:F0} events/s, {CpuMicroseconds:F1} CPU µs/event, {AllocatedBytes:F0} bytes/event");
}
