using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Teal.Tests.Support;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>
/// Debian's RabbitMQ with a data folder of its own, which goes with this object. Its processes belong to whoever starts it.
/// </summary>
internal sealed class RabbitMqBroker : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("teal-load-").FullName;
    private readonly int _port = ServerProcess.FindPort();

    /// <summary>Where it is.</summary>
    public Uri Uri => new($"amqp://guest:guest@127.0.0.1:{_port}/");

    /// <summary>Starts it and Erlang's name server; completes when it serves.</summary>
    public async Task<IReadOnlyList<ServerProcess>> StartAsync(string processors)
    {
        var namesPort = ServerProcess.FindPort();
        var environment = RabbitMqSetup.Write(_folder, _port, namesPort, ServerProcess.FindPort());
        var processes = new List<ServerProcess>();
        try
        {
            processes.Add(ServerProcess.Start(processors, [RabbitMqSetup.NameServer], environment));
            await processes[^1].WaitForPortAsync(namesPort);
            processes.Add(ServerProcess.Start(processors, [RabbitMqSetup.Server], environment));
            await processes[^1].WaitAsync(() => ServesAsync(Uri));
            return processes;
        }
        catch
        {
            foreach (var process in processes) await process.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> ServesAsync(Uri uri)
    {
        try
        {
            await using var connection = await new ConnectionFactory { Uri = uri, AutomaticRecoveryEnabled = false }
                .CreateConnectionAsync();
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }
}
