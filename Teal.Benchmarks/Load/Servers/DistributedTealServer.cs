using System.Globalization;
using System.Net.Sockets;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>
/// One process with both modules, on Debian's Redis (each write synced before it is answered, its log rewritten as docs/distributed.md
/// says) and RabbitMQ.
/// </summary>
/// <param name="settings">Settings of Teal.</param>
internal sealed class DistributedTealServer(params string[] settings) : TealServer(ServerName, settings)
{
    /// <summary>What the tables call it.</summary>
    public const string ServerName = "Teal, RabbitMQ and Redis";

    private const string UsedMemory = "used_memory:";

    private readonly RabbitMqBroker _broker = new();
    private readonly int _redisPort = ServerProcess.FindPort();

    public override async Task StartAsync(LoadOptions options)
    {
        // What it uses shares the generator's processor, so that Teal has its own to itself.
        string[] keep = ["--save", "", "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-min-size", "1gb"];
        var store = Run(
            options.ClientProcessor,
            ["redis-server", "--port", _redisPort.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", Folder, .. keep]);
        await store.WaitForPortAsync(_redisPort);

        foreach (var process in await _broker.StartAsync(options.ClientProcessor)) Add(process);

        await StartTealAsync(options,
            ["--Deployment", "Distributed", "--Redis:Configuration", $"localhost:{_redisPort}", "--RabbitMq:Uri", _broker.Uri.ToString()]);
    }

    public override long? ReadStoreMemory()
    {
        using var client = new TcpClient("127.0.0.1", _redisPort);
        using var stream = client.GetStream();
        stream.Write("INFO memory\r\n"u8);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith(UsedMemory, StringComparison.Ordinal))
                return long.Parse(line[UsedMemory.Length..], CultureInfo.InvariantCulture);
        }

        return null;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _broker.Dispose();
    }
}
