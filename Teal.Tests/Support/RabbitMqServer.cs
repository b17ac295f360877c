using System.Diagnostics;
using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Teal.Tests.Support;

/// <summary>
/// A RabbitMQ broker of the test's own, Debian's, on free loopback ports and with a data folder that goes with it. A start takes
/// several seconds: tests that only use a broker share one (<see cref="SharedRabbitMq"/>).
/// </summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    // Two of them starting at a time on a small machine take three times as long as one.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();
    private readonly int _namesPort = LoopbackPort.Find();
    private readonly TestCertificates? _certificates;
    private readonly Dictionary<string, string> _environment;
    private ServiceProcess? _names;
    private ServiceProcess? _broker;

    private RabbitMqServer(TestCertificates? certificates)
    {
        _certificates = certificates;
        _environment = RabbitMqSetup.Write(_folder.Path, Port, _namesPort, LoopbackPort.Find(), TlsSettings());
    }

    /// <summary>Where AMQP 0-9-1 is spoken. It stays the same when the broker starts again.</summary>
    public int Port { get; } = LoopbackPort.Find();

    /// <summary>Where it is spoken over TLS, with certificates.</summary>
    public int TlsPort { get; } = LoopbackPort.Find();

    public Uri Uri => UriAt(Port);

    /// <summary>The broker, its helpers, and Erlang's name server, as far as they run.</summary>
    public IReadOnlyList<ProcessIdentity> Processes => [.. _names!.Tree, .. _broker!.Tree];

    /// <summary>
    /// Starts one; where none is installed the tests are ignored, or fail where the environment demands them. With certificates it speaks
    /// TLS as well, at <see cref="TlsPort"/>.
    /// </summary>
    public static async Task<RabbitMqServer> StartNewAsync(TestCertificates? certificates = null)
    {
        var server = Reserve(certificates);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has ports for one that is started later.</summary>
    public static RabbitMqServer Reserve(TestCertificates? certificates = null)
    {
        Services.Need(File.Exists(RabbitMqSetup.Server), $"{RabbitMqSetup.Server} is not installed; test.sh installs it");
        return new RabbitMqServer(certificates);
    }

    /// <summary>The address by which a broker behind that loopback port is reached, for a proxy between.</summary>
    public static Uri UriAt(int port) => new($"amqp://guest:guest@127.0.0.1:{port}/");

    /// <summary>Starts it on its port, again and with the same data if it was stopped or killed, and waits until it serves.</summary>
    public async Task StartAsync()
    {
        if (_broker is { HasExited: false }) throw new InvalidOperationException("The broker runs.");

        if (_names is null)
        {
            _names = ServiceProcess.Start(RabbitMqSetup.NameServer, [], _environment);
            await Eventually.HoldsAsync(() => LoopbackPort.Listens(_namesPort), "Erlang's name server");
        }

        if (_broker is not null) await _broker.DisposeAsync();
        _broker = ServiceProcess.Start(RabbitMqSetup.Server, [], _environment);
        var started = Stopwatch.GetTimestamp();
        while (!await ServesAsync())
        {
            if (_broker.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
                Assert.Fail($"The broker did not start, and said: {_broker.Output}");
            await Task.Delay(50);
        }
    }

    /// <summary>Stops it, as an operator does: it closes its connections, and keeps what is durable.</summary>
    public async Task StopAsync()
    {
        Resume();
        await _broker!.EndAsync(ServiceProcess.Terminate);
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => _broker!.EndAsync(ServiceProcess.Kill);

    /// <summary>Lets it stand still: its connections stay open, and nothing answers.</summary>
    public void Pause() => _broker!.Signal(ServiceProcess.Stop);

    /// <summary>Lets it go on.</summary>
    public void Resume()
    {
        if (!_broker!.HasExited) _broker.Signal(ServiceProcess.Continue);
    }

    /// <summary>
    /// How many bindings there are to exchanges whose names begin so, without those that the default exchange has to each queue.
    /// </summary>
    public Task<int> CountBindingsAsync(string exchangePrefix = "") => CountAsync(
        "[E || {binding, {resource, _, exchange, E}, _, _, _} <- rabbit_binding:list(<<\"/\">>), E =/= <<>>]", exchangePrefix);

    /// <summary>How many queues there are whose names begin so.</summary>
    public Task<int> CountQueuesAsync(string prefix = "") =>
        CountAsync("[Q || {resource, _, queue, Q} <- rabbit_amqqueue:list_names()]", prefix);

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null) await _broker.DisposeAsync();
        if (_names is not null) await _names.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<int> CountAsync(string names, string prefix)
    {
        var expression = $"length([N || N <- {names}, string:prefix(N, <<\"{prefix}\">>) =/= nomatch]).";
        await using var control = ServiceProcess.Start(RabbitMqSetup.Control, ["-q", "eval", expression], _environment);
        var code = await control.WaitAsync();
        code.Should().Be(0, "rabbitmqctl said: {0}", control.Output);
        return int.Parse(control.Output.Trim(), CultureInfo.InvariantCulture);
    }

    private async Task<bool> ServesAsync()
    {
        try
        {
            var factory = new ConnectionFactory { Uri = Uri, AutomaticRecoveryEnabled = false };
            await using var connection = await factory.CreateConnectionAsync().WithinLimit();
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }

    private string TlsSettings() => _certificates is null ? "" :
        $"""
        listeners.ssl.1 = 127.0.0.1:{TlsPort}
        ssl_options.cacertfile = {_certificates.AuthorityFile}
        ssl_options.certfile = {_certificates.CertificateFile}
        ssl_options.keyfile = {_certificates.KeyFile}
        ssl_options.verify = verify_none

        """;
}
