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

    // A .NET process that has one processor waits until nothing new was called for a second, ten times as long as others, before it compiles anew what is called
    // often; so half a minute after its start it may still run what was compiled for a quick start. Other programs do not read it.
    private const string CompilationDelayFactor = "DOTNET_TC_DelaySingleProcMultiplier";

    private readonly Process _process;
    private readonly StringBuilder _output = new();

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

    /// <summary>The process and what it started, as they are now.</summary>
    private IEnumerable<int> Tree => TreeOf(_process.Id);

    /// <summary>Starts a program.</summary>
    /// <param name="processors">Where it may run, as <c>taskset -c</c> takes it.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">What its environment has more.</param>
    public static ServerProcess Start(string processors, IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        // taskset becomes the program, so that its process id is the program's.
        var start = new ProcessStartInfo("taskset", ["-c", processors, .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment = { [CompilationDelayFactor] = "1" },
        };
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
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(60))
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
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
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

    private void Append(string? line)
    {
        lock (_output)
        {
            // The beginning tells why a program did not start.
            if (line is not null && _output.Length < 16 * 1024) _output.Append(line).Append('\n');
        }
    }
}
