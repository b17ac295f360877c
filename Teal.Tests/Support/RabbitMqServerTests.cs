using RabbitMQ.Client;

namespace Teal.Tests.Support;

/// <summary>Other tests rely on what their broker does when it is told to stop, to die or to stand still.</summary>
[Category("RabbitMq")]
[NonParallelizable]
public sealed class RabbitMqServerTests
{
    [Test]
    public async Task CountBindingsAsync_OfAPrefix_CountsNoOtherTestsBindings()
    {
        var server = await SharedRabbitMq.GetAsync();
        string prefix = SharedRabbitMq.UniquePrefix(), other = SharedRabbitMq.UniquePrefix();
        await using var connection = await ConnectAsync(server.Uri);
        await using var channel = await connection.CreateChannelAsync().WithinLimit();

        await DeclareAsync(channel, prefix, "one", "two");
        await DeclareAsync(channel, other, "one");

        (await server.CountBindingsAsync(prefix)).Should().Be(2);
        (await server.CountQueuesAsync(prefix)).Should().Be(1);
    }

    [Test]
    public async Task StartAsync_AfterAKill_ServesOnTheSamePortWithTheSameData()
    {
        var server = await RabbitMqServer.StartNewAsync();
        var uri = server.Uri;
        await DeclareAsync(uri, "kept", "one", "two");

        await server.KillAsync();
        LoopbackPort.Listens(server.Port).Should().BeFalse();
        await server.StartAsync();
        server.Uri.Should().Be(uri);
        (await server.CountBindingsAsync()).Should().Be(2);
        (await server.CountQueuesAsync()).Should().Be(1);

        await DisposeLeavesNothingAsync(server);
    }

    [Test]
    public async Task Pause_WithAnOpenConnection_AnswersNothingUntilResume()
    {
        var server = await SharedRabbitMq.GetAsync();
        var prefix = SharedRabbitMq.UniquePrefix();
        await using var connection = await ConnectAsync(server.Uri);
        await using var channel = await connection.CreateChannelAsync().WithinLimit();
        Task declaring;

        server.Pause();
        try
        {
            declaring = DeclareAsync(channel, prefix, "one");
            await Task.Delay(TimeSpan.FromMilliseconds(300));
            declaring.IsCompleted.Should().BeFalse();
            connection.IsOpen.Should().BeTrue();
        }
        finally
        {
            server.Resume();
        }

        await declaring;
        (await server.CountBindingsAsync(prefix)).Should().Be(1);
    }

    [Test]
    public async Task DisposeAsync_OfAPausedServer_LeavesNoProcessAndNoListener()
    {
        var server = await RabbitMqServer.StartNewAsync();
        server.Pause();

        await DisposeLeavesNothingAsync(server);
    }

    private static async Task DisposeLeavesNothingAsync(RabbitMqServer server)
    {
        var processes = server.Processes;
        processes.Should().HaveCountGreaterThan(2, "there are a name server, a broker and its helpers")
            .And.OnlyContain(process => process.IsAlive);

        await server.DisposeAsync();

        processes.Should().NotContain(process => process.IsAlive);
        LoopbackPort.Listens(server.Port).Should().BeFalse();
    }

    private static Task<IConnection> ConnectAsync(Uri uri) =>
        new ConnectionFactory { Uri = uri, AutomaticRecoveryEnabled = false }.CreateConnectionAsync().WithinLimit();

    private static async Task DeclareAsync(Uri uri, string name, params string[] keys)
    {
        await using var connection = await ConnectAsync(uri);
        await using var channel = await connection.CreateChannelAsync().WithinLimit();
        await DeclareAsync(channel, name, keys);
    }

    /// <summary>A durable exchange and a durable queue of that name, bound by those keys.</summary>
    private static async Task DeclareAsync(IChannel channel, string name, params string[] keys)
    {
        await channel.ExchangeDeclareAsync(name, ExchangeType.Topic, durable: true).WithinLimit();
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false).WithinLimit();
        foreach (var key in keys) await channel.QueueBindAsync(name, name, key).WithinLimit();
    }
}
