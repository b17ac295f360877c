using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>A program that is measured: it runs on the processor of the servers, and ends with this object.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const double TicksPerSecond = 100;
    private const int MostErrors = 20;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);

    // A .NET process that has one processor waits until nothing new was called for a second, ten times as long as others, before it
    // compiles anew what is called often; so half a minute after its start it may still run what was compiled for a quick start. Other
    // programs do not read it.
    private const string CompilationDelayFactor = "DOTNET_TC_DelaySingleProcMultiplier";

    // bench.sh switches it off for the load generator, which must not stop to compile while it measures.
    private const string TieredCompilation = "DOTNET_TieredCompilation";

    // It gives that one so much memory that it does not stop to collect it, either.
    private const string FirstGeneration = "DOTNET_GCgen0size";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly List<string> _errors = [];
    private long _logSize;
    private int _errorCount;

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>How many bytes it has said.</summary>
    public long LogSize => Interlocked.Read(ref _logSize);

    /// <summary>How many lines of them have the level Error, or a higher one, or tell of an exception that nobody caught.</summary>
    public int ErrorCount => Volatile.Read(ref _errorCount);

    /// <summary>The first of those lines.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_output) return [.. _errors];
        }
    }

    /// <summary>The process and what it started, as they are now.</summary>
    private IEnumerable<int> Tree => TreeOf(_process.Id);

    /// <summary>Starts a program.</summary>
    /// <param name="processors">Where it may run, as <c>taskset -c</c> takes it.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">What its environment has more.</param>
    public static ServerProcess Start(
        string processors, IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        // taskset becomes the program, so that its process id is the program's.
        var start = new ProcessStartInfo("taskset", ["-c", processors, .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment = { [CompilationDelayFactor] = "1", [TieredCompilation] = "1" },
        };
        start.Environment.Remove(FirstGeneration);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new ServerProcess(new Process { StartInfo = start });
    }

    /// <summary>A port on loopback where nothing listens now, below those that the system hands out.</summary>
    public static int FindPort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20000, 32000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }

    /// <summary>Waits until something holds, as long as the program runs.</summary>
    public async Task WaitAsync(Func<Task<bool>> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
                throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[2]} does not run, and said: {Output}");
            await Task.Delay(5);
        }
    }

    /// <summary>Waits until something listens there.</summary>
    public Task WaitForPortAsync(int port) => WaitAsync(async () =>
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    });

    /// <summary>The processor time that it and what it started have taken.</summary>
    public TimeSpan ReadCpu() => TimeSpan.FromSeconds(Tree.Sum(static id =>
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (
            long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }));

    /// <summary>The memory that it and what it started take, in bytes; what they share with each other counts once.</summary>
    public long ReadMemory()
    {
        var tree = Tree.ToArray();

        // What one process shares with another of the same program is its own all the same.
        var field = tree.Length == 1 ? "Rss:" : "Pss:";
        return tree.Sum(id =>
        {
            var line = File.ReadLines($"/proc/{id}/smaps_rollup").First(line => line.StartsWith(field, StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        });
    }

    /// <summary>The memory that the process itself takes, in bytes, as the kernel counts it anyway; 0: it has ended.</summary>
    public long ReadResident() => ReadStatus("VmRSS:");

    /// <summary>The most that it took since <see cref="ForgetPeak"/>.</summary>
    public long ReadPeak() => ReadStatus("VmHWM:");

    /// <summary>Has <see cref="ReadPeak"/> begin anew.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var id in Tree.Reverse().ToArray())
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (ArgumentException)
            {
                // It has ended.
            }
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static IEnumerable<int> TreeOf(int id)
    {
        var children = $"/proc/{id}/task/{id}/children";
        if (!File.Exists(children)) return [];

        return [id, .. File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(static child => TreeOf(int.Parse(child, CultureInfo.InvariantCulture)))];
    }

    private long ReadStatus(string field)
    {
        try
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status")
                .FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
            return line is null ? 0
                : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            // It has ended.
            return 0;
        }
    }

    private void Append(string? line)
    {
        if (line is null) return;

        Interlocked.Add(ref _logSize, line.Length + 1);
        var isError = IsError(line);
        if (isError) Interlocked.Increment(ref _errorCount);
        lock (_output)
        {
            // The beginning tells why a program did not start.
            if (_output.Length < 16 * 1024) _output.Append(line).Append('\n');
            if (isError && _errors.Count < MostErrors) _errors.Add(line);
        }
    }

    // As .NET's console logger writes the levels Error and Critical, behind the time.
    private static bool IsError(string line)
    {
        var head = line.AsSpan(0, Math.Min(line.Length, 40));
        return head.Contains("fail: ", StringComparison.Ordinal)
            || head.Contains("crit: ", StringComparison.Ordinal) || head.StartsWith("Unhandled exception", StringComparison.Ordinal);
    }
}
