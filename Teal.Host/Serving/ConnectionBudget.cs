using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Teal.Host.Serving;

/// <summary>
/// How many connections the process takes, all kinds together: fewer than the operating system lets it open files, so that it always
/// has some left for its own files, for Redis and RabbitMQ. A process without any can neither accept nor log, and some of its parts
/// never recover.
/// </summary>
internal sealed partial class ConnectionBudget(ILogger<ConnectionBudget> logger)
{
    // Kept for the process itself; far above what it was seen to open.
    private const int Reserve = 128;
    private const int LeastConnections = 16;

    private int _taken;
    private int _isExhausted;

    /// <summary>How many there may be; without bound where the operating system does not tell.</summary>
    public int Limit { get; } = ReadLimit();

    /// <summary>Takes a place for a connection; false when there is none.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= Limit) return true;

        Interlocked.Decrement(ref _taken);

        // Said once, until it is over.
        if (Interlocked.Exchange(ref _isExhausted, 1) == 0) Log.Exhausted(logger, Limit);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _taken) < Limit / 2) Volatile.Write(ref _isExhausted, 0);
    }

    private static int ReadLimit()
    {
        const string Limits = "/proc/self/limits", OpenFiles = "Max open files";
        if (!File.Exists(Limits)) return int.MaxValue;

        var line = File.ReadLines(Limits).FirstOrDefault(static line => line.StartsWith(OpenFiles, StringComparison.Ordinal));
        var soft = line?[OpenFiles.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (!int.TryParse(soft, CultureInfo.InvariantCulture, out var files)) return int.MaxValue;

        var open = Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
        return Math.Max(LeastConnections, files - open - Reserve);
    }

    private static partial class Log
    {
        [LoggerMessage(5031, LogLevel.Error, "All {Limit} connections that the limit of open files allows are taken, and new ones are closed; raise that limit (LimitNOFILE, ulimit -n)")]
        public static partial void Exhausted(ILogger logger, int limit);
    }
}
