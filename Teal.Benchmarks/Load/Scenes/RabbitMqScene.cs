using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;
using Teal.Benchmarks.RabbitMq;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>Publishing through RabbitMQ, in this process, beside RabbitMQ.Client alone.</summary>
internal sealed class RabbitMqScene : IScene
{
    private const int Events = 50_000, Outstanding = 500, Rounds = 9;

    public string Name => "rabbitmq";

    public async Task<SceneReport> RunAsync(SceneRun run)
    {
        var (_, options, progress, _) = run;
        using var broker = new RabbitMqBroker();
        progress.Tell($"{Name}: the broker starts, and {Rounds} rounds of {Events:N0} events are published by each");
        var processes = await broker.StartAsync(options.ServerProcessor);
        try
        {
            var comparison = new RabbitMqComparison(broker.Uri, options.Scale(Events), Outstanding, options.IsShort ? 1 : Rounds);
            var (bus, client, ratio) = await comparison.RunAsync(TextWriter.Null, CancellationToken.None);
            var table = new Table("publisher", "events/s", "CPU µs per event", "allocated bytes per event");
            foreach (var (name, side) in ((string, RoundMeasurement)[])[("RabbitMQ.Client alone", client), ("Teal's bus", bus)])
                table.Add(
                    name, Table.Number(side.EventsPerSecond, 0), Table.Number(side.CpuMicroseconds, 1),
                    Table.Number(side.AllocatedBytes, 0));
            return new SceneReport(
                "Publishing through RabbitMQ",
                $"{Outstanding} publications wait for the broker's confirmation at a time; broker and publishers have a processor each. "
                    + "RabbitMQ.Client alone sends messages that are ready beforehand.",
                table, [Figure.AtLeast("publish through RabbitMQ with confirmations", ratio, 0.7, "x RabbitMQ.Client alone")]);
        }
        finally
        {
            foreach (var process in processes.Reverse()) await process.DisposeAsync();
        }
    }
}
