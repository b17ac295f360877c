namespace Teal.Benchmarks.Load.Client;

/// <summary>What one server did in one round.</summary>
/// <param name="Events">How many events were sent, or whatever else was done.</param>
/// <param name="Deliveries">How many times one arrived at a websocket.</param>
/// <param name="Lost">How many deliveries are missing or came twice, and how many answers were errors.</param>
/// <param name="Wall">How long it took.</param>
/// <param name="Usage">Processor time.</param>
/// <param name="Latencies">Of the events.</param>
internal sealed record Measurement(int Events, int Deliveries, int Lost, TimeSpan Wall, Usage Usage, Latencies Latencies)
{
    public double CpuPerEvent => Usage.Server.TotalMicroseconds / Events;

    public double CpuPerDelivery => Usage.Server.TotalMicroseconds / Deliveries;

    /// <summary>Of Redis and RabbitMQ, for each event.</summary>
    public double OthersPerEvent => (Usage.All - Usage.Server).TotalMicroseconds / Events;

    public double GeneratorPerEvent => Usage.Generator.TotalMicroseconds / Events;

    public double EventsPerSecond => Events / Wall.TotalSeconds;
}
