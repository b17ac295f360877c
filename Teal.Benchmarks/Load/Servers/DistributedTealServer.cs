using System.Globalization;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>One process with both modules, on Debian's Redis (each write synced before it is answered) and RabbitMQ.</summary>
internal sealed class DistributedTealServer() : TealServer(ServerName)
{
    /// <summary>What the tables call it.</summary>
    public const string ServerName = "Teal, RabbitMQ and Redis";

    private readonly RabbitMqBroker _broker = new();

    public override async Task StartAsync(LoadOptions options)
    {
        var redis = ServerProcess.FindPort();

        // What it uses shares the generator's processor, so that Teal has its own to itself.
        string[] keep = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"];
        var store = Run(options.ClientProcessor, ["redis-server", "--port", redis.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", Folder, .. keep]);
        await store.WaitForPortAsync(redis);

        foreach (var process in await _broker.StartAsync(options.ClientProcessor)) Add(process);

        await StartTealAsync(options,
            ["--Deployment", "Distributed", "--Redis:Configuration", $"localhost:{redis}", "--RabbitMq:Uri", _broker.Uri.ToString()]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _broker.Dispose();
    }
}
