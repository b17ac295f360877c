using System.Globalization;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>
/// How many connections the process takes, all kinds together: fewer than the operating system lets it open files, so that it
/// always has some left for its own files, for Redis and RabbitMQ. A process without any can neither accept nor log, and some
/// of its parts never recover. Where the modules have addresses of their own, some of the places are kept for each: who takes
/// all that he can get at the listener keeps nobody from the dispatcher. Where both are at one address there is nothing to
/// tell them apart by, when a connection comes.
/// </summary>
internal sealed class ConnectionBudget(TealOptions options, int limit)
{
    // Kept for the process itself; far above what it was seen to open.
    private const int Reserve = 128;
    private const int LeastConnections = 16;

    // Each holds a block of memory when it has said something.
    private const int MostArrivals = 1024;

    private int _taken;

    /// <summary>That of this process, without bound where the operating system does not tell its limit.</summary>
    public static ConnectionBudget OfProcess(TealOptions options) => new(options, ReadLimit());

    /// <summary>
    /// How many connections there may be at an address: all where no other has modules, else as many as its modules may have.
    /// </summary>
    public int PlacesOf(ModuleEndpoint endpoint) => endpoint.Modules.Count == options.Modules.Count
        ? limit : endpoint.Modules.Max(module => module.PlacesOf(limit, options));

    /// <summary>
    /// How many connections may wait at an address until the web server takes them. Few of all places, so that they keep no
    /// other address without.
    /// </summary>
    public int MaximumArrivals => Math.Clamp(limit / 16, 1, MostArrivals);

    /// <summary>Takes a place for a connection; false when there is none.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= limit) return true;

        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _taken);

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
}
