using System.Diagnostics;
using System.Globalization;

namespace Teal.Benchmarks.Load.Reports;

/// <summary>Where and with what the figures were measured.</summary>
internal static class Machine
{
    private const int Syncs = 500, PageSize = 4096;

    /// <summary>A Markdown table of it.</summary>
    public static string Describe(LoadOptions options)
    {
        var table = new Table("machine", "");
        table.Add("date", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));
        table.Add(
            "processor",
            $"{Line("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} of "
                + $"{Directory.EnumerateDirectories("/sys/devices/system/cpu", "cpu?").Count()} for the load generator; servers on "
                + $"processor {options.ServerProcessor}");
        table.Add(
            "memory",
            string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1073741824.0:F0} GiB"));
        table.Add("system", $"Linux {Environment.OSVersion.Version.ToString(3)}, {Line("/etc/os-release", "PRETTY_NAME").Trim('"')}");
        table.Add(".NET", Environment.Version.ToString());
        table.Add("nginx, nchan", $"{Package("nginx")}, {Package("libnginx-mod-nchan")}");
        table.Add("Node.js, ws", $"{Run("node", "--version").Trim().TrimStart('v')}, {Package("node-ws")}");
        table.Add("Redis, RabbitMQ", $"{Package("redis-server")}, {Package("rabbitmq-server")}");
        table.Add(
            "one sync of the disk (4 KiB, `fdatasync`)",
            string.Create(CultureInfo.InvariantCulture, $"{MeasureSync():F3} ms in the middle of {Syncs}"));
        return table.ToString();
    }

    private static string Line(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(['=', ':'], 2)[1].Trim()
            ?? "unknown";

    private static string Package(string name) => Run("dpkg-query", "-W", "-f", "${Version}", name);

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd();
    }

    // Where the servers keep their data, on pages that exist already.
    private static double MeasureSync()
    {
        var path = Path.Combine(Path.GetTempPath(), $"teal-load-{Guid.NewGuid():N}");
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        var page = new byte[PageSize];
        for (var i = 0; i < Syncs; i++) RandomAccess.Write(file, page, i * PageSize);
        RandomAccess.FlushToDisk(file);
        var times = new List<double>();
        for (var i = 0; i < Syncs; i++)
        {
            RandomAccess.Write(file, page, i * PageSize);
            var started = Stopwatch.GetTimestamp();
            RandomAccess.FlushToDisk(file);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Statistics.Median(times);
    }
}
