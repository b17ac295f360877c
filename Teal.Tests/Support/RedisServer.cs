using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Teal.Tests.Support;

/// <summary>
/// A Redis of the test's own: a process on a free loopback port, with a folder that goes with it, and nothing kept on the disk unless asked
/// for.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _program;
    private readonly string? _password;
    private readonly TestCertificates? _certificates;
    private readonly int _plainPort;
    private Process? _process;

    private RedisServer(string program, string? password, TestCertificates? certificates)
    {
        (_program, _password, _certificates) = (program, password, certificates);
        Port = LoopbackPort.Find();
        _plainPort = certificates is null ? Port : 0;
    }

    public int Port { get; }

    /// <summary>Whether it keeps everything that it has answered on the disk.</summary>
    public bool IsDurable { get; init; }

    /// <summary>Settings of its own.</summary>
    public string[] MoreArguments { get; init; } = [];

    /// <summary>What a user of Redis must be allowed to, as docs/distributed.md says it.</summary>
    public static object[] PermissionsOfTeal => ["~callback_*", "~teal:*", "+@all", "-@admin", "-@dangerous", "+info"];

    /// <summary>As the driver's configuration, without a password.</summary>
    public string EndPoint => $"127.0.0.1:{Port}";

    /// <summary>Starts one; the test is ignored where there is none to start.</summary>
    public static async Task<RedisServer> StartNewAsync(string? password = null, TestCertificates? certificates = null)
    {
        var server = Reserve(password, certificates);
        await server.StartAsync();
        return server;
    }

    /// <summary>Has a port for one that is started later; with certificates it speaks TLS there, and nothing else.</summary>
    public static RedisServer Reserve(string? password = null, TestCertificates? certificates = null, bool isDurable = false) =>
        new(Services.Find("redis-server"), password, certificates) { IsDurable = isDurable };

    /// <summary>Starts a sentinel that watches over that one as <c>teal</c>, alone.</summary>
    public static async Task<RedisServer> StartSentinelAsync(RedisServer primary)
    {
        var server = Reserve();
        await server.StartAsSentinelAsync(primary);
        return server;
    }

    /// <summary>Starts it on its port, again if it was stopped, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        await StartAsync(
        [
            "--port", $"{_plainPort}", "--bind", "127.0.0.1", "--save", "", "--appendonly", IsDurable ? "yes" : "no", "--appendfsync",
            "always", "--dir", _folder.Path, "--logfile", _folder.Combine("log"),
            .. _password is null ? Array.Empty<string>() : ["--requirepass", _password],
            .. _certificates is null ? Array.Empty<string>() : TlsArguments(_certificates),
            .. MoreArguments,
        ]);
    }

    /// <summary>Starts it as a sentinel on its port; see <see cref="StartSentinelAsync"/>.</summary>
    public async Task StartAsSentinelAsync(RedisServer primary)
    {
        var file = _folder.Combine("sentinel.conf");
        await File.WriteAllTextAsync(file, $"""
            port {Port}
            bind 127.0.0.1
            dir {_folder.Path}
            logfile {_folder.Combine("log")}
            sentinel monitor teal 127.0.0.1 {primary.Port} 1
            sentinel down-after-milliseconds teal 500
            sentinel failover-timeout teal 2000

            """);
        await StartAsync([file, "--sentinel"]);
    }

    /// <summary>Makes it a replica of another one, and waits until it is.</summary>
    public async Task FollowAsync(RedisServer primary)
    {
        await SendAsync("REPLICAOF", "127.0.0.1", $"{primary.Port}");
        await Eventually.HoldsAsync(
            async () =>
                await SendAsync("INFO", "replication") is byte[] info
                    && Encoding.ASCII.GetString(info).Contains("master_link_status:up", StringComparison.Ordinal), "a replica");
    }

    private async Task StartAsync(string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(_program, arguments) { RedirectStandardInput = true })!;
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > Eventually.Limit)
                Assert.Fail($"Redis does not start: {await File.ReadAllTextAsync(_folder.Combine("log"))}");
            await Task.Delay(10);
        }
    }

    /// <summary>Ends it as an operator would, and waits for the end.</summary>
    public async Task StopAsync()
    {
        using var stop = Process.Start("kill", ["-TERM", $"{_process!.Id}"]);
        await _process.WaitForExitAsync().WithinLimit();
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().WithinLimit();
    }

    /// <summary>Has it stand still, connections and all (<c>kill -STOP</c>), or go on.</summary>
    public async Task PauseAsync(bool paused)
    {
        using var kill = Process.Start("kill", [paused ? "-STOP" : "-CONT", $"{_process!.Id}"]);
        await kill.WaitForExitAsync().WithinLimit();
    }

    /// <summary>Does one command; see <see cref="RespClient.SendAsync"/>.</summary>
    public Task<object?> SendAsync(params object[] command) => RespClient.SendAsync(Port, _password, _certificates, command);

    /// <summary>The string at a key; null: none.</summary>
    public async Task<string?> GetAsync(string key) => await SendAsync("GET", key) is byte[] value ? Encoding.UTF8.GetString(value) : null;

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        _folder.Dispose();
    }

    private string[] TlsArguments(TestCertificates certificates) =>
    [
        "--tls-port", $"{Port}", "--tls-cert-file", certificates.CertificateFile, "--tls-key-file", certificates.KeyFile,
        "--tls-ca-cert-file", certificates.AuthorityFile, "--tls-auth-clients", "no",
    ];

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await SendAsync("PING") is "PONG";
        }
        catch (Exception exception) when (
            exception is SocketException or IOException or InvalidOperationException or AuthenticationException)
        {
            return false;
        }
    }
}
