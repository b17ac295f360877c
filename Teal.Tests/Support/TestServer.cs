using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Teal.Core.States;
using Teal.Host.Configuration;
using Teal.Host.Serving;

namespace Teal.Tests.Support;

/// <summary>
/// A whole server in the test's process, on real sockets and free loopback ports, with states in memory unless told otherwise.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Password = "abc";

    private readonly IHost _host;

    private TestServer(IHost host)
    {
        _host = host;
        var endpoints = host.Services.GetRequiredService<IReadOnlyList<ModuleEndpoint>>();
        Listener = new Uri(endpoints.First(endpoint => endpoint.Modules.Contains(Module.Listener)).Address.Url);
        Dispatcher = new Uri(endpoints.First(endpoint => endpoint.Modules.Contains(Module.Dispatcher)).Address.Url);
    }

    public Uri Listener { get; }

    public Uri Dispatcher { get; }

    public IServiceProvider Services => _host.Services;

    public ICallbackStateStore States => Services.GetRequiredService<ICallbackStateStore>();

    public LogRecorder Log => Services.GetRequiredService<LogRecorder>();

    /// <summary>Starts one. Settings are given without <c>Teal:</c>.</summary>
    public static async Task<TestServer> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null, TimeProvider? clock = null, Action<IServiceCollection>? configure = null)
    {
        var all = new Dictionary<string, string?>
        {
            ["Teal:Listener:Url"] = "http://127.0.0.1:0",
            ["Teal:Dispatcher:Url"] = "http://127.0.0.1:0",
            ["Teal:Dispatcher:Password"] = Password,
            ["Teal:Store"] = "Memory",
            ["Logging:LogLevel:Default"] = "Debug",
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>()) all[$"Teal:{key}"] = value;

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        var options = ConfigurationReader.Read(configuration, out var faults);
        if (faults.Count > 0) throw new InvalidOperationException(string.Join('\n', faults));

        var recorder = new LogRecorder();
        var host = TealServer.Build(options, configuration, services =>
        {
            services.AddSingleton(recorder);
            services.RemoveAll<ILoggerProvider>().AddSingleton<ILoggerProvider>(recorder);
            if (clock is not null) services.RemoveAll<TimeProvider>().AddSingleton(clock);
            configure?.Invoke(services);
        });
        await host.StartAsync().WithinLimit();
        return new TestServer(host);
    }

    /// <summary>Tells it to stop, as SIGTERM does, and waits until it has.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <summary>Stores a state that lives for an hour.</summary>
    public async Task BindAsync(string state, string? finalRedirectUrl = null, bool withFragment = false)
    {
        var clock = Services.GetRequiredService<TimeProvider>();
        var expiresAt = clock.GetUtcNow().UtcDateTime.AddHours(1);
        await States.PutAsync(new CallbackState(state, finalRedirectUrl, withFragment, expiresAt, "anonymous"), CancellationToken.None);
    }

    /// <summary>Sends one request to the listener, its target as it stands.</summary>
    public Task<RawResponse> GetAsync(string target, params string[] headers) => RawHttp.SendAsync(Listener, "GET", target, headers);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
