using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Victims;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>What one flood did to a server, and to somebody beside it.</summary>
internal sealed record FloodMeasurement
{
    /// <summary>How many MiB a server may take more while a flood lasts, and how many of them it may keep.</summary>
    public const double MostMemory = 150, MemoryThatStays = 50;

    private const double MiB = 1024 * 1024;

    /// <summary>The flood.</summary>
    public required IFlood Flood { get; init; }

    /// <summary>How long it lasted.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>How it was answered.</summary>
    public required Tally Answers { get; init; }

    /// <summary>What became of the callbacks of somebody else.</summary>
    public required VictimReport Victim { get; init; }

    /// <summary>How many clients that came, and questions for the server's health, were not served.</summary>
    public required int Refused { get; init; }

    /// <summary>How many events of others never came to their clients.</summary>
    public required int Lost { get; init; }

    /// <summary>Bytes of memory before, the most, and after the wait.</summary>
    public required (long Before, long Most, long After) Memory { get; init; }

    /// <summary>How long it took until memory was given back; none: it was not.</summary>
    public required TimeSpan? GiveBack { get; init; }

    /// <summary>Bytes on the disk.</summary>
    public required long Disk { get; init; }

    /// <summary>Bytes of Redis, where there is one.</summary>
    public required long? Store { get; init; }

    /// <summary>Bytes of log that were written.</summary>
    public required long Log { get; init; }

    /// <summary>Lines in the log that say that somebody must act.</summary>
    public required int ErrorLines { get; init; }

    /// <summary>Whether the process ended.</summary>
    public required bool HasEnded { get; init; }

    /// <summary>Processor time that the server took while the flood lasted.</summary>
    public required TimeSpan Cpu { get; init; }

    /// <summary>Whether somebody else's callbacks were all taken, and in time.</summary>
    public bool IsPrompt => Victim.IsPrompt(Flood.Ceiling.TotalMilliseconds);

    /// <summary>MiB that the server took more.</summary>
    public double Growth => (Memory.Most - Memory.Before) / MiB;

    /// <summary>Whether the server is at fault, as the answers or its log say, or has ended.</summary>
    public bool HasFault => HasEnded || ErrorLines > 0 || Answers.Faults > 0;

    /// <summary>What others noticed.</summary>
    public static Table ToTable(IReadOnlyList<FloodMeasurement> all)
    {
        var table = new Table(
            "flood", "p50 ms", "p99 ms", "max ms", "not 204 or 302", "may take ms", "in time", "newcomers refused", "lost", "none lost",
            "its caller's pause ms");
        foreach (var one in all)
        {
            var (victim, flood) = (one.Victim, one.Flood);
            table.Add(
                flood.Name, Table.Number(victim.Latencies.Median, 1), Table.Number(victim.Latencies.Percentile99, 1),
                Table.Number(victim.Maximum, 1), victim.Wrong.All == 0 ? "0" : victim.Wrong.ToString(),
                Table.Number(flood.Ceiling.TotalMilliseconds, 0), Table.YesOrNo(one.IsPrompt), Table.Number(one.Refused, 0),
                Table.Number(one.Lost, 0), Table.YesOrNo(one.Lost == 0), Table.Number(victim.Pause.TotalMilliseconds, 0));
        }

        return table;
    }

    /// <summary>What the server did and took.</summary>
    public static Table ToServerTable(IReadOnlyList<FloodMeasurement> all)
    {
        var table = new Table(
            "flood", "answers/s", "answers", "CPU, % of a core", "MiB before", "most", "after", "bounded", "s until given back",
            "given back", "MiB on disk", "MiB of Redis", "MiB of log", "Error lines", "no fault");
        foreach (var one in all)
        {
            var (before, most, after) = one.Memory;
            table.Add(
                one.Flood.Name, Table.Number(one.Answers.All / one.Time.TotalSeconds, 0), one.Answers.ToString(),
                Table.Number(one.Cpu / one.Time * 100, 0),
                Size(before), one.HasEnded ? "ended" : Size(most), Size(after), Table.YesOrNo(one.Growth <= MostMemory && !one.HasEnded),
                one.GiveBack is { } time ? Table.Number(time.TotalSeconds, 1) : "", Table.YesOrNo(one.GiveBack is not null),
                Size(one.Disk), one.Store is { } store ? Size(store) : "", Size(one.Log, 1), Table.Number(one.ErrorLines, 0),
                Table.YesOrNo(!one.HasFault));
        }

        return table;
    }

    private static string Size(long bytes, int decimals = 0) => Table.Number(bytes / MiB, decimals);
}
