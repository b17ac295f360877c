using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Teal.Tests.Support;

/// <summary>The built binary, as its user runs it: a process of its own.</summary>
internal sealed partial class TealProcess : IAsyncDisposable
{
    public const int Terminate = 15, Interrupt = 2, HangUp = 1;

    private const int LongestAccount = 8000;

    // With the test that started it.
    private static readonly ConcurrentDictionary<TealProcess, string> Alive = new();

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private TealProcess(Process process, bool readsErrors)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        if (readsErrors) process.BeginErrorReadLine();
        Alive[this] = TestContext.CurrentContext.Test.ID;
    }

    /// <summary>The program: the published one where <c>TEAL_BINARY</c> names it, as test.sh does; else the one that was built.</summary>
    public static string Binary { get; } = Environment.GetEnvironmentVariable("TEAL_BINARY") is { Length: > 0 } path ? path
        : Metadata("TealBinary");

    public int Id => _process.Id;

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    public bool HasExited => _process.HasExited;

    public Uri Listener => AddressOf("Listener");

    public Uri Dispatcher => AddressOf("Dispatcher");

    /// <summary>What the processes of this test have said until now, for the message of a failure; empty where it has none.</summary>
    public static string DescribeAll() => string.Concat(
        Alive.Where(static started => started.Value == TestContext.CurrentContext.Test.ID)
            .Select(static started => started.Key.Describe()));

    /// <summary>
    /// Starts any command, in a folder of its own; without <paramref name="readsErrors"/> nobody reads its standard error.
    /// </summary>
    public static TealProcess Run(
        string folder, string[] arguments, IReadOnlyDictionary<string, string>? environment = null, bool readsErrors = true,
        int? openFiles = null) =>
        Run(folder, Binary, arguments, environment, readsErrors, openFiles);

    private static TealProcess Run(
        string folder, string program, string[] arguments, IReadOnlyDictionary<string, string>? environment, bool readsErrors,
        int? openFiles)
    {
        Services.Need(File.Exists(Binary), $"{Binary} is not there; test.sh makes it");

        // What a shell has its children ignore does not hold for the program. Each of these becomes the next one, with its process id.
        string[] limits = openFiles is { } limit ? ["prlimit", $"--nofile={limit}:{limit}"] : [];
        string[] command = ["env", "--default-signal=INT,HUP", .. limits, program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("Teal", StringComparison.OrdinalIgnoreCase) || name == "PASSWORD") start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new TealProcess(new Process { StartInfo = start }, readsErrors);
    }

    /// <summary>Runs a script of the shell, which has the binary in <c>TEAL_BINARY</c>.</summary>
    public static TealProcess RunShell(string folder, string script, IReadOnlyDictionary<string, string> environment) =>
        Run(
            folder, "/bin/sh", ["-c", script], new Dictionary<string, string>(environment) { ["TEAL_BINARY"] = Binary }, readsErrors: true,
            openFiles: null);

    /// <summary>Starts a server on free ports with the test password, and waits until it runs.</summary>
    public static Task<TealProcess> ServeAsync(string folder, params string[] settings) => ServeAsync(folder, null, null, settings);

    /// <summary>The same, with a limit of open files.</summary>
    public static Task<TealProcess> ServeAsync(string folder, int? openFiles, params string[] settings) =>
        ServeAsync(folder, openFiles, null, settings);

    /// <summary>The same, with more in its environment.</summary>
    public static Task<TealProcess> ServeAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] settings) =>
        ServeAsync(folder, null, environment, settings);

    private static async Task<TealProcess> ServeAsync(
        string folder, int? openFiles, IReadOnlyDictionary<string, string>? environment, string[] settings)
    {
        string[] arguments = ["serve", "--Listener:Url", "http://127.0.0.1:0", "--Dispatcher:Url", "http://127.0.0.1:0", .. settings];
        var process = Run(
            folder, arguments,
            new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["PASSWORD"] = TestServer.Password },
            openFiles: openFiles);
        await Eventually.HoldsAsync(
            () => process.HasExited || process.Output.Contains("  Store", StringComparison.Ordinal), "a running server");
        process.HasExited.Should().BeFalse("the server should run, but said: {0}", process.Errors);
        return process;
    }

    /// <summary>A value that the build wrote into the test assembly.</summary>
    public static string Metadata(string key) =>
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    public void Signal(int signal) => SendSignal(_process.Id, signal).Should().Be(0);

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WithinLimit();
    }

    /// <summary>Ends its standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits for the end, and returns the exit code.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().WithinLimit();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Alive.TryRemove(this, out _);
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private Uri AddressOf(string module) =>
        new(Regex.Match(Output, $@"^  {module} +(\S+?),?(\s|$)", RegexOptions.Multiline).Groups[1].Value);

    private string Describe() => $"""

        Process {Id}{(HasExited ? " (ended)" : "")} wrote:
        {LastOf(Output)}
        and to standard error:
        {LastOf(Errors)}
        """;

    private static string LastOf(string text) => text.Length <= LongestAccount ? text : $"…{text[^LongestAccount..]}";

    private static void Append(StringBuilder target, string? line)
    {
        lock (target)
        {
            if (line is not null) target.Append(line).Append('\n');
        }
    }

    private static string Read(StringBuilder source)
    {
        lock (source) return source.ToString();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
