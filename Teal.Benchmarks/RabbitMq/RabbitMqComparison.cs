using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.RabbitMq;

namespace Teal.Benchmarks.RabbitMq;

/// <summary>
/// Publishes the same events through <see cref="RabbitMqEventBus"/> and through <see cref="BareClient"/>, in rounds that take turns, so
/// that what else happens on the machine falls upon both. No queue is bound: the broker confirms and drops, and the publishers stay in
/// sight.
/// </summary>
/// <param name="uri">The broker.</param>
/// <param name="events">How many events a round publishes.</param>
/// <param name="outstanding">How many of them are under way at a time.</param>
/// <param name="rounds">How many rounds of each are measured.</param>
internal sealed class RabbitMqComparison(Uri uri, int events, int outstanding, int rounds)
{
    // Enough to differ from message to message, and few enough to stay in the processor's caches on both sides.
    private const int DistinctEvents = 256;

    // The compiler is still improving the code during the first 100,000 or so.
    private const int WarmUpEvents = 250_000;

    // How long publications may take to end after the comparison was given up.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs all rounds; tells <paramref name="output"/> of each, and at last the medians as a Markdown table. Returns the medians, and that
    /// of the ratios of speed within the rounds.
    /// </summary>
    public async Task<(RoundMeasurement Bus, RoundMeasurement Client, double Ratio)> RunAsync(
        TextWriter output, CancellationToken cancellationToken)
    {
        var options = new RabbitMqOptions { Uri = uri, ExchangePrefix = $"teal-benchmark-{Guid.NewGuid():N}-" };
        var samples = Samples();
        await using var bus = new RabbitMqEventBus(options, new PlaceKey(), TimeProvider.System, NullLoggerFactory.Instance);
        await bus.StartAsync(cancellationToken);
        await using var client = await BareClient.ConnectAsync(options, samples, cancellationToken);
        try
        {
            return await CompareAsync(
                new Side("RabbitMqEventBus", i => bus.PublishAsync(samples[i % DistinctEvents], CancellationToken.None)),
                new Side("RabbitMQ.Client alone", i => client.PublishAsync(i % DistinctEvents)),
                output, cancellationToken);
        }
        finally
        {
            await client.DeleteExchangesAsync();
        }
    }

    private async Task<(RoundMeasurement Bus, RoundMeasurement Client, double Ratio)> CompareAsync(
        Side bus, Side client, TextWriter output, CancellationToken cancellationToken)
    {
        Side[] sides = [bus, client];
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var side in sides)
            {
                var measurement = await MeasureAsync(side.PublishAsync, round > 0 ? events : WarmUpEvents, cancellationToken);
                if (round > 0) side.Measurements.Add(measurement);
                await output.WriteLineAsync(Text($"{(round > 0 ? $"round {round} of {rounds}" : "warm-up")}, {side.Name}: {measurement}"));
            }
        }

        var (a, b) = (RoundMeasurement.Median(bus.Measurements), RoundMeasurement.Median(client.Measurements));
        var ratio = Ratio(static round => round.EventsPerSecond);
        await output.WriteLineAsync(Text($"""

            Median of {rounds} rounds of {events} events, {outstanding} outstanding:

            | | events/s | CPU µs/event | allocated bytes/event |
            | --- | ---: | ---: | ---: |
            | (a) {bus.Name} | {a.EventsPerSecond:F0} | {a.CpuMicroseconds:F1} | {a.AllocatedBytes:F0} |
            | (b) {client.Name} | {b.EventsPerSecond:F0} | {b.CpuMicroseconds:F1} | {b.AllocatedBytes:F0} |
            | a/b, median of the rounds | {ratio:F2} | {Ratio(static round => round.CpuMicroseconds):F2} | {Ratio(static round => round.AllocatedBytes):F2} |
            """));
        return (a, b, ratio);

        double Ratio(Func<RoundMeasurement, double> figure) => Statistics.Ratio(bus.Measurements, client.Measurements, figure);
    }

    private async Task<RoundMeasurement> MeasureAsync(Func<int, ValueTask> publishAsync, int count, CancellationToken cancellationToken)
    {
        // The one side's garbage is not the other's work.
        GC.Collect();

        var next = -1;
        using var process = Process.GetCurrentProcess();
        var (allocated, cpu, started) = (GC.GetTotalAllocatedBytes(precise: true), process.TotalProcessorTime, Stopwatch.GetTimestamp());
        var producing = Task.WhenAll(Enumerable.Range(0, outstanding).Select(_ => Task.Run(ProduceAsync, cancellationToken)));
        await producing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await producing.WaitAsync(Grace, CancellationToken.None);
        var elapsed = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        return new RoundMeasurement(
            count / elapsed.TotalSeconds, (process.TotalProcessorTime - cpu).TotalMicroseconds / count,
            (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / count);

        async Task ProduceAsync()
        {
            // A publication itself is not cancelled: RabbitMQ.Client 7.1 then releases a lock of its channel that it does not hold.
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await publishAsync(i);
            }
        }
    }

    // Redirects as identity providers send them, of some 300 bytes, and kept.
    private static TealEvent[] Samples()
    {
        var journal = Guid.NewGuid().ToString("N");
        var start = new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        return Enumerable.Range(0, DistinctEvents).Select(i =>
        {
            var state = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
            var code = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
            return new CallbackEvent(
                start.AddMicroseconds(i),
                $"https://callback.example.com/callback?state={state}&code={Uri.EscapeDataString(code)}&scope=openid%20profile%20email&"
                    + $"session_state={code.Length}.{i}",
                state) with
            { Place = new EventPlace(journal, start.Ticks + i + 1, start.Ticks + i), Owner = Identity.AnonymousName };
        }).ToArray<TealEvent>();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Side(string Name, Func<int, ValueTask> PublishAsync)
    {
        public List<RoundMeasurement> Measurements { get; } = [];
    }
}
