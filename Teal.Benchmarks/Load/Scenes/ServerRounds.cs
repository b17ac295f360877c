using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>One server and what it did in each round.</summary>
/// <param name="Name">The server's name.</param>
internal sealed record ServerRounds(string Name)
{
    public List<Measurement> Measurements { get; } = [];

    public int Lost => Measurements.Sum(static measurement => measurement.Lost);

    public double Median(Func<Measurement, double> figure) => Statistics.Median(Measurements.Select(figure));

    public double RatioTo(ServerRounds reference, Func<Measurement, double> figure) =>
        Statistics.Ratio(Measurements, reference.Measurements, figure);
}
