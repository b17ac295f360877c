using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Victims;

namespace Teal.Benchmarks.Load.Herds;

/// <summary>What became of a herd, and of somebody beside it.</summary>
internal sealed record HerdMeasurement
{
    /// <summary>How long a callback of somebody else may take beside it.</summary>
    public const double CeilingInMs = 20;

    /// <summary>The server's name.</summary>
    public required string Server { get; init; }

    /// <summary>How the programs came.</summary>
    public required HerdManner Manner { get; init; }

    /// <summary>How long it took until all were registered; none: they were not in time.</summary>
    public required TimeSpan? Registered { get; init; }

    /// <summary>How often a program was turned away.</summary>
    public required int Refusals { get; init; }

    /// <summary>Processor time of the server until then.</summary>
    public required TimeSpan Cpu { get; init; }

    /// <summary>Bytes of memory that the server took more.</summary>
    public required long Growth { get; init; }

    /// <summary>How long an event took to all of them afterwards; none: that was not looked for.</summary>
    public required TimeSpan? EventToAll { get; init; }

    /// <summary>How many events did not come to their programs.</summary>
    public required int Lost { get; init; }

    /// <summary>What became of the callbacks of somebody else.</summary>
    public required VictimReport Victim { get; init; }

    /// <summary>What is to be reached.</summary>
    public IReadOnlyList<Figure> Figures =>
    [
        Figure.AtMost($"a callback beside a herd, {Manner.Title}, {Server}: the longest", Victim.Maximum, CeilingInMs, "ms"),
    ];

    /// <summary>A table of some of them.</summary>
    public static Table ToTable(IEnumerable<HerdMeasurement> all)
    {
        var table = new Table(
            "server", "the herd", "s until all are registered", "turned away", "CPU s of the server", "MiB more",
            "ms for an event to all of them", "lost",
            "a callback beside it: p50 ms", "p99 ms", "max ms", "not 204 or 302", "in time", "its caller's pause ms");
        foreach (var one in all) table.Add(one.ToRow());
        return table;
    }

    private string[] ToRow() =>
    [
        Server, Manner.Title, Registered is { } time ? Table.Number(time.TotalSeconds, 2) : "never", Table.Number(Refusals, 0),
        Table.Number(Cpu.TotalSeconds, 2), Table.Number(Growth / 1048576.0, 0),
        EventToAll is { } toAll ? Table.Number(toAll.TotalMilliseconds, 0) : "", Table.Number(Lost, 0),
        Table.Number(Victim.Latencies.Median, 1), Table.Number(Victim.Latencies.Percentile99, 1), Table.Number(Victim.Maximum, 1),
        Victim.Wrong.All == 0 ? "0" : Victim.Wrong.ToString(),
        Table.YesOrNo(Victim.IsPrompt(CeilingInMs)), Table.Number(Victim.Pause.TotalMilliseconds, 0),
    ];
}
