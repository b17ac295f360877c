using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Teal.Tests.Support;

/// <summary>A program of a service that tests need: its output is kept, and it ends together with the helpers that it started.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    public const int Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServiceProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The process and its helpers, as they are now.</summary>
    public IReadOnlyList<ProcessIdentity> Tree => ProcessIdentity.TreeOf(_process.Id);

    /// <summary>What it said, on both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts a program with exactly that environment, and the search path.</summary>
    public static ServiceProcess Start(string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ServiceProcess(new Process { StartInfo = start });
    }

    /// <summary>Sends a signal to the process alone.</summary>
    public void Signal(int signal) => SendSignal(_process.Id, signal).Should().Be(0);

    /// <summary>Waits for the end by itself, and returns the exit code.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().WithinLimit();
        return _process.ExitCode;
    }

    /// <summary>Ends it by a signal, then what is left of its helpers, and returns when none of them runs.</summary>
    public async Task EndAsync(int signal)
    {
        if (_process.HasExited) return;

        var tree = Tree;
        _ = SendSignal(_process.Id, signal);
        await Eventually.HoldsAsync(() => _process.HasExited, $"the end of a process, which said: {Output}");
        foreach (var helper in tree.Where(process => process.IsAlive)) _ = SendSignal(helper.Id, Kill);
        await Eventually.HoldsAsync(() => !tree.Any(process => process.IsAlive), "the end of what a process started");
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(Kill);
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            if (line is not null) _output.Append(line).Append('\n');
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
