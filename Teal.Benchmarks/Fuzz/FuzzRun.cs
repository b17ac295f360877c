using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Teal.Benchmarks.Load;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Fuzz;

/// <summary>A server, and generators that run side by side against it.</summary>
/// <param name="binary">The published binary.</param>
/// <param name="generators">What is sent.</param>
/// <param name="seed">Where the inputs begin.</param>
/// <param name="findings">Where inputs are written that found something.</param>
/// <param name="output">Where progress is told.</param>
internal sealed class FuzzRun(string binary, IReadOnlyList<IFuzzGenerator> generators, int seed, string findings, TextWriter output)
{
    private const double MiB = 1024 * 1024;
    private const int MostFindings = 1000, MostReceived = 4096;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5), LookInterval = TimeSpan.FromMilliseconds(100);

    private readonly Side[] _sides = [.. generators.Select(static generator => new Side(generator))];
    private readonly Lock _gate = new();
    private int _findings;

    /// <summary>Runs for a time; false when something was found.</summary>
    public async Task<bool> RunAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await using var server = MakeServer();
        await server.StartAsync(new LoadOptions { Binary = binary });
        var process = server.Process;
        var before = process.ReadResident();
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"Seed {seed}, {time.TotalMinutes:0.##} minutes; findings go to {findings}."));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(time);
        var started = Stopwatch.GetTimestamp();
        Task[] workers =
        [
            .. from side in _sides
               from worker in Enumerable.Range(0, side.Generator.Workers)
               select Task.Run(() => WorkAsync(server, side, worker, end.Token), CancellationToken.None),
        ];
        await WatchAsync(server, started, end.Token);
        await end.CancelAsync();
        await Task.WhenAll(workers);

        // What it still had to say.
        await Task.Delay(LookInterval, TimeProvider.System, CancellationToken.None);
        foreach (var line in process.Errors) Write($"log: {line}");
        output.WriteLine();
        output.WriteLine(Describe(server, started, before));
        return IsWell(process);
    }

    /// <summary>Sends one input, and tells all of it; false when it found something.</summary>
    public async Task<bool> ReplayAsync(long number, CancellationToken cancellationToken)
    {
        await using var server = MakeServer();
        await server.StartAsync(new LoadOptions { Binary = binary });
        foreach (var side in _sides)
        {
            var input = MakeInput(side, number);
            output.WriteLine($"{side.Generator.Name} {number} {input}");
            foreach (var piece in input.Pieces) output.WriteLine(Encoding.Latin1.GetString(piece));
            var outcome = await side.Generator.TryAsync(input, TargetFor(server, number), cancellationToken);
            output.WriteLine(
                $"\nreceived:\n{Encoding.Latin1.GetString(outcome.Received)}\n"
                    + $"faults: {outcome.Faults}, wrong: {outcome.Wrong ?? "nothing"}");
            if (outcome.Faults > 0 || outcome.Wrong is not null) _findings++;
        }

        await Task.Delay(LookInterval, TimeProvider.System, cancellationToken);
        foreach (var line in server.Process.Errors) output.WriteLine($"log: {line}");
        return IsWell(server.Process);
    }

    // States that say themselves where they lead are taken, and those that live for a century, as an input must not depend on the day.
    private static TealServer MakeServer() =>
        new(
            TealServer.DurableName, "--Listener:PowensRedirectFallback", "true", "--Listener:PowensRedirectHosts",
            $"*{HttpAnswers.RedirectDomain},{HttpAnswers.RedirectHost},localhost",
            "--Dispatcher:MaximumStateLifetime", "36500 days");

    private static FuzzTarget TargetFor(TealServer server, long number) =>
        new(
            server.HttpPort, server.WebSocketPort,
            new IPAddress([127, (byte)(100 + (number / 64_000 % 100)), (byte)(number / 250 % 256), (byte)(1 + (number % 250))]));

    private bool IsWell(ServerProcess process) => _findings == 0 && process.ErrorCount == 0 && !process.HasEnded;

    // The same for the same seed, however fast the server is.
    private FuzzInput MakeInput(Side side, long number) =>
        side.Generator.Make(
            new Random(unchecked((int)((seed * 1_000_003L) + (number * 7_919) + side.Generator.Name.Sum(static letter => letter)))));

    private async Task WorkAsync(TealServer server, Side side, int worker, CancellationToken cancellationToken)
    {
        for (long number = worker; !cancellationToken.IsCancellationRequested && !server.Process.HasEnded; number += side.Generator.Workers)
        {
            var input = MakeInput(side, number);
            side.UnderWay[worker] = (number, input);
            try
            {
                var outcome = await side.Generator.TryAsync(input, TargetFor(server, number), cancellationToken);
                side.Count(outcome);
                if (outcome.Faults > 0 || outcome.Wrong is not null)
                {
                    var received = outcome.Received.AsSpan(0, Math.Min(outcome.Received.Length, MostReceived));
                    Write(
                        $"{side.Generator.Name} {number}: {outcome.Wrong ?? "a 5xx but 503"}; {input}; received "
                            + $"{Convert.ToHexString(received)}");
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task WatchAsync(TealServer server, long started, CancellationToken cancellationToken)
    {
        var (told, errors) = (started, 0);
        while (!cancellationToken.IsCancellationRequested && !server.Process.HasEnded)
        {
            if (server.Process.ErrorCount > errors)
            {
                errors = server.Process.ErrorCount;
                WriteUnderWay("an Error line, about the time of");
            }

            if (Stopwatch.GetElapsedTime(told) >= ProgressInterval)
            {
                told = Stopwatch.GetTimestamp();
                var sides = string.Join(", ", _sides.Select(static side => side.ToString()));
                var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{seconds,6:F0} s  {sides}; {errors:N0} Error lines, {server.Process.ReadResident() / MiB:F0} MiB"));
            }

            await Task.Delay(LookInterval, TimeProvider.System, CancellationToken.None);
        }

        if (server.Process.HasEnded) WriteUnderWay("the process ended, about the time of");
    }

    private string Describe(TealServer server, long started, long before)
    {
        var process = server.Process;
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var text = new StringBuilder();
        foreach (var side in _sides)
        {
            text.Append(CultureInfo.InvariantCulture, $"{side.Generator.Name}: {side.Inputs:N0} inputs ({side.Inputs / elapsed:N0}/s), ");
            text.Append(CultureInfo.InvariantCulture, $"{side.Faults:N0} times 5xx but 503, {side.Wrong:N0} answers that are wrong\n");
        }

        text.Append(
            CultureInfo.InvariantCulture, $"process: {(process.HasEnded ? "ended" : "runs")}; {process.ErrorCount:N0} Error lines; ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{before / MiB:F0} MiB at first, {process.ReadPeak() / MiB:F0} at most, {process.ReadResident() / MiB:F0} now\n");
        text.Append(
            IsWell(process) ? "Nothing was found."
                : $"Something was found; see {findings}. 'fuzz --seed {seed} --only GENERATOR --replay NUMBER' sends one input again.");
        return text.ToString();
    }

    private void WriteUnderWay(string what)
    {
        foreach (var side in _sides)
        {
            foreach (var (number, input) in side.UnderWay.Values) Write($"{side.Generator.Name} {number}: {what} it; {input}");
        }
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            if (_findings == 0) File.WriteAllText(findings, string.Create(CultureInfo.InvariantCulture, $"seed {seed}\n"));
            if (_findings++ < MostFindings) File.AppendAllText(findings, line + "\n");
        }
    }

    /// <summary>A generator, and what came of it.</summary>
    private sealed class Side(IFuzzGenerator generator)
    {
        private long _inputs, _faults, _wrong;

        public IFuzzGenerator Generator => generator;

        public long Inputs => Interlocked.Read(ref _inputs);

        public long Faults => Interlocked.Read(ref _faults);

        public long Wrong => Interlocked.Read(ref _wrong);

        // By worker.
        public ConcurrentDictionary<int, (long Number, FuzzInput Input)> UnderWay { get; } = new();

        public void Count(FuzzOutcome outcome)
        {
            Interlocked.Increment(ref _inputs);
            Interlocked.Add(ref _faults, outcome.Faults);
            if (outcome.Wrong is not null) Interlocked.Increment(ref _wrong);
        }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{generator.Name} {Inputs:N0} ({Faults + Wrong:N0} found)");
    }
}
